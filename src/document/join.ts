import { diffUpdate } from "yjs";
import type { Holdings } from "./holdings.ts";
import { encodeStateVector, type StateVector } from "./state-vector.ts";
import { EMPTY_UPDATE, foldUpdates } from "./tail.ts";

/** A document as it is stored. Read when it is needed, for many joiners need none of it. */
export interface StoredDocument {
  /** What the last compaction made; `undefined` when there was none. */
  snapshot(): Uint8Array | undefined;
  /** The updates since, the oldest first. */
  tail(): readonly Uint8Array[];
}

/**
 * What to answer a client that has `vector`: updates which together are all that it lacks, without
 * building the document. The last one is its sync step 2, those before it are updates.
 */
export function missingUpdates(
  vector: StateVector,
  holdings: Holdings,
  stored: StoredDocument,
): readonly [...Uint8Array[], Uint8Array] {
  if (holdings.isAllIn(vector)) return [holdings.deletesOnly()];
  const parts = [stored.snapshot(), foldUpdates(stored.tail())];
  const state = encodeStateVector(vector);
  const missing = parts
    .filter((part) => part !== undefined)
    .map((part) => (vector.size === 0 ? part : diffUpdate(part, state)))
    .filter((part) => part.length > EMPTY_UPDATE.length);
  return [...missing.slice(0, -1), missing.at(-1) ?? EMPTY_UPDATE];
}
