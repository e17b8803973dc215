import { diffUpdate } from "yjs";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import type { Holdings } from "./holdings.ts";
import { decodeHoldings } from "./holdings-codec.ts";
import { encodeStateVector, type StateVector } from "./state-vector.ts";
import { EMPTY_UPDATE, foldUpdates } from "./tail.ts";

/** A document as it is stored. Read when it is needed, for many joiners need none of it. */
export interface StoredDocument {
  /** What was known to be in the snapshot, encoded; `undefined` without one. */
  readonly holdings: Uint8Array | undefined;
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
  holdings: Pick<Holdings, "isAllIn" | "deletesOnly">,
  stored: StoredDocument,
): readonly [...Uint8Array[], Uint8Array] {
  if (holdings.isAllIn(vector)) return [holdings.deletesOnly()];
  if (vector.size === 0) return tidied([stored.snapshot(), ...gathered(stored.tail())]);
  const state = encodeStateVector(vector);
  const newIn = (update: Uint8Array | undefined) => update && diffUpdate(update, state);
  return isSnapshotIn(vector, stored)
    ? tidied([newIn(foldUpdates(stored.tail())), holdings.deletesOnly()])
    : tidied([newIn(stored.snapshot()), newIn(foldUpdates(stored.tail()))]);
}

/** Whether all items of the snapshot are in `vector`: what was deleted of them is known without it. */
function isSnapshotIn(vector: StateVector, { holdings }: StoredDocument): boolean {
  return holdings !== undefined && decodeHoldings(holdings)?.isAllIn(vector) === true;
}

/** The same updates in fewer: what is large already is not worth merging, which reads every item. */
function gathered(updates: readonly Uint8Array[]): readonly Uint8Array[] {
  const all: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  for (const update of updates) {
    if (update.length < YJS_BOUNDS.mergedBytes) small.push(update);
    else {
      all.push(foldUpdates(small), update);
      small = [];
    }
  }
  return [...all, foldUpdates(small)];
}

function tidied(
  updates: readonly (Uint8Array | undefined)[],
): readonly [...Uint8Array[], Uint8Array] {
  const missing = updates
    .filter((update) => update !== undefined)
    .filter((update) => update.length > EMPTY_UPDATE.length);
  return [...missing.slice(0, -1), missing.at(-1) ?? EMPTY_UPDATE];
}
