import { mergeUpdates } from "yjs";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";

/** An update that changes nothing: no items, no deletions. */
export const EMPTY_UPDATE: Uint8Array = Uint8Array.of(0, 0);

/**
 * Merges updates into one, in trees of at most `mergeFan`: `mergeUpdates` takes time that grows
 * with the square of their number. It joins them and no more: what was deleted stays in it until a
 * compaction.
 */
export function foldUpdates(updates: readonly Uint8Array[]): Uint8Array {
  const [first, ...more] = updates;
  if (first === undefined) return EMPTY_UPDATE;
  if (more.length === 0) return first;
  const merged: Uint8Array[] = [];
  for (let from = 0; from < updates.length; from += YJS_BOUNDS.mergeFan)
    merged.push(mergeUpdates(updates.slice(from, from + YJS_BOUNDS.mergeFan)));
  return foldUpdates(merged);
}
