import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from "yjs";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import type { DeleteSet } from "./delete-set.ts";
import { checkUpdate } from "./update.ts";

export type Compaction =
  /** The whole document as one update, which was read back, and what is deleted in it. */
  | { readonly kind: "compacted"; readonly snapshot: Uint8Array; readonly deletes: DeleteSet }
  /** It would take more memory than an object has: it stays as it is. */
  | { readonly kind: "too_large"; readonly bytes: number }
  /** A part of it breaks a document: see {@link findBreaking}. */
  | { readonly kind: "broken"; readonly reason: string };

/**
 * Makes one update of a document's parts, the oldest first. In contrast to merging this joins
 * neighbours and collects what was deleted: a document of single letters shrinks to a twelfth. What
 * waits on a gap is kept. Nothing of what is stored may be dropped before the answer is stored.
 */
export function compact(
  parts: readonly Uint8Array[],
  builtBytes: number = YJS_BOUNDS.builtBytes,
): Compaction {
  const bytes = sizeOf(parts);
  if (bytes > builtBytes) return { kind: "too_large", bytes };
  try {
    const built = encodeAll(parts);
    const checked = checkUpdate(built.snapshot);
    if (!checked.ok) return { kind: "broken", reason: checked.fault };
    const again = encodeAll([built.snapshot]);
    if (!areSame(again.vector, built.vector) || again.snapshot.length !== built.snapshot.length)
      return { kind: "broken", reason: "what was written reads back as another document" };
    return { kind: "compacted", snapshot: built.snapshot, deletes: checked.update.deletes };
  } catch (error) {
    return { kind: "broken", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** One update of all parts, and its state vector. The document it takes is let go of. */
function encodeAll(parts: readonly Uint8Array[]): { snapshot: Uint8Array; vector: Uint8Array } {
  return withDocument(parts, (doc) => ({
    snapshot: encodeStateAsUpdate(doc),
    vector: encodeStateVector(doc),
  }));
}

/** Hands over a document that is built of updates, and destroyed afterwards. */
export function withDocument<T>(parts: readonly Uint8Array[], use: (doc: Doc) => T): T {
  const doc = new Doc();
  try {
    for (const part of parts) applyUpdate(doc, part);
    return use(doc);
  } finally {
    doc.destroy();
  }
}

export function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function areSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
