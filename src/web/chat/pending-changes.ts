import type { PendingFrame } from "../../client/index.ts";
import type { PendingChange } from "./state/state.ts";

/** Which messages have an edit or a deletion on its way. */
export function pendingChanges(
  pending: readonly PendingFrame[],
): ReadonlyMap<number, PendingChange> {
  const changes = new Map<number, PendingChange>();
  for (const { type, seq } of pending) {
    if (seq === undefined) continue;
    if (type === "edit_message") changes.set(seq, "edit");
    if (type === "delete_message") changes.set(seq, "delete");
  }
  return changes;
}
