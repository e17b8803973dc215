import { type PendingFrame, RealtimeError, type StatusChange } from "../../client/index.ts";
import type { Connection, Problem } from "./state/connection.ts";
import type { PendingChange } from "./state/state.ts";

/** The SDK's status as the page tells it, with the moment of the next try. */
export function connectionOf(
  { status, attempt, retryInMs, reason }: StatusChange,
  nowMs: number,
): Connection {
  switch (status) {
    case "connecting":
    case "open":
      return { state: status };
    case "reconnecting":
      return {
        state: status,
        attempt: attempt ?? 1,
        ...(retryInMs === undefined ? {} : { retryAtMs: nowMs + retryInMs }),
      };
    case "closed":
      return reason === undefined ? { state: status } : { state: status, problem: reason };
  }
}

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

/** What was thrown, as something to tell. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof RealtimeError)) return { code: "internal", message: String(error) };
  const { code, message, retryAfterMs } = error;
  return { code, message, retryAfterMs };
}
