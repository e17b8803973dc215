import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { build } from "./building.ts";

/**
 * Which updates of a tail break the document that they are applied to, as indices of `tail` in rising
 * order; without them the rest applies. At most `quarantined`; `undefined` when that is not
 * enough, or the snapshot breaks by itself.
 *
 * The one that throws need not be the one at fault: an update that waits on a gap throws when another
 * one fills it. So the first prefix that throws is searched by halves, and then, by halves again, the
 * latest update before its end without which it would not.
 */
export function findBreaking(
  snapshot: Uint8Array | undefined,
  tail: readonly Uint8Array[],
): readonly number[] | undefined {
  const base = snapshot === undefined ? [] : [snapshot];
  if (isBroken(base)) return undefined;
  let left = tail.map((_, index) => index);
  const found: number[] = [];
  const updatesAt = (indices: readonly number[]) => [
    ...base,
    ...indices.flatMap((index) => tail[index] ?? []),
  ];
  while (isBroken(updatesAt(left))) {
    if (found.length === YJS_BOUNDS.quarantined) return undefined;
    const end = firstBroken(left.length, (length) => isBroken(updatesAt(left.slice(0, length))));
    const last = left.slice(end - 1, end);
    const culprit =
      firstBroken(end - 1, (length) => isBroken(updatesAt([...left.slice(0, length), ...last]))) -
      1;
    // None before it is needed for it to throw: it is the one.
    const index = left[culprit < 0 ? end - 1 : culprit];
    if (index === undefined) return undefined;
    found.push(index);
    left = left.filter((other) => other !== index);
  }
  return found.sort((one, other) => one - other);
}

/** The shortest length from 0 to `most` that is broken; all longer ones are. */
function firstBroken(most: number, isBrokenAt: (length: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBrokenAt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isBroken(parts: readonly Uint8Array[]): boolean {
  return build(parts, () => undefined, Number.POSITIVE_INFINITY).kind === "broken";
}
