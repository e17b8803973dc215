import { type Doc, encodeStateAsUpdate, encodeStateVector } from "yjs";
import { build } from "./building.ts";
import { areSameDeletes, type DeleteSet } from "./delete-set.ts";
import { checkUpdate } from "./update.ts";

export type Compaction =
  | {
      readonly kind: "compacted";
      /** The whole document as one update, which was read back. */
      readonly snapshot: Uint8Array;
      /** What is deleted in it: also what was deleted with what it stood in. */
      readonly deletes: DeleteSet;
    }
  /** It would take more memory than an object has: it stays as it is. */
  | { readonly kind: "too_large"; readonly bytes: number }
  /** A part of it breaks a document (./quarantine.ts finds which). */
  | { readonly kind: "broken"; readonly reason: string };

/**
 * Makes one update of a document's parts, the oldest first. In contrast to merging this joins
 * neighbours and collects what was deleted: a document of single letters shrinks to a twelfth. What
 * waits on a gap is kept. Nothing of what is stored may be dropped before the answer is stored.
 */
export function compact(parts: readonly Uint8Array[], builtBytes?: number): Compaction {
  const first = build(parts, writtenOf, builtBytes);
  if (first.kind !== "built") return first;
  const again = build([first.value.snapshot], writtenOf, Number.POSITIVE_INFINITY);
  if (again.kind !== "built") return again;
  const [one, other] = [checkUpdate(first.value.snapshot), checkUpdate(again.value.snapshot)];
  if (!one.ok) return { kind: "broken", reason: one.fault };
  if (!other.ok) return { kind: "broken", reason: other.fault };
  const { deletes } = one.update;
  const isSame =
    String(first.value.vector) === String(again.value.vector) &&
    areSameDeletes(deletes, other.update.deletes);
  if (!isSame) return { kind: "broken", reason: "what was written reads back as another document" };
  return { kind: "compacted", snapshot: first.value.snapshot, deletes };
}

function writtenOf(doc: Doc): { readonly snapshot: Uint8Array; readonly vector: Uint8Array } {
  return { snapshot: encodeStateAsUpdate(doc), vector: encodeStateVector(doc) };
}
