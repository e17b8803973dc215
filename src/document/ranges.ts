/**
 * Ranges of clocks in rising order that neither overlap nor touch, flat: `[from, to, from, to, …]`,
 * each without its `to`. Flat, for a document may have a hundred thousand of them.
 */
export type Ranges = number[];

/** Where the first range is that ends at or behind `clock`, as an index of its `from`. */
function firstEndingAt(ranges: Ranges, clock: number): number {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(ranges, middle * 2 + 1) < clock) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

function at(ranges: readonly number[], index: number): number {
  return ranges[index] ?? Number.POSITIVE_INFINITY;
}

/** Adds a range, and joins it with those that it overlaps or touches. */
export function addRange(ranges: Ranges, from: number, to: number): void {
  const first = firstEndingAt(ranges, from);
  let next = first;
  let start = from;
  let end = to;
  while (at(ranges, next) <= to) {
    start = Math.min(start, at(ranges, next));
    end = Math.max(end, at(ranges, next + 1));
    next += 2;
  }
  // Most extend the range they touch, or come last: that must not copy the rest.
  if (next - first === 2) {
    ranges[first] = start;
    ranges[first + 1] = end;
  } else if (first === ranges.length) ranges.push(start, end);
  else ranges.splice(first, next - first, start, end);
}

/** Adds to `into` what of a range is in none of `ranges`. */
export function addMissing(into: Ranges, ranges: Ranges, from: number, to: number): void {
  let start = from;
  for (let next = firstEndingAt(ranges, from); start < to; next += 2) {
    const end = Math.min(at(ranges, next), to);
    if (end > start) addRange(into, start, end);
    start = Math.max(start, at(ranges, next + 1));
  }
}

/** Calls `each` with every range, in rising order. */
export function eachRange(ranges: Ranges, each: (from: number, to: number) => void): void {
  for (let index = 0; index < ranges.length; index += 2)
    each(at(ranges, index), at(ranges, index + 1));
}

/** So few are added one by one, to a list that may be long: an edit deletes one or two. */
const FEW = 8;

/** Adds all of `added` to `ranges`, which may be changed for that; hands back both together. */
export function addAll(ranges: Ranges, added: Ranges): Ranges {
  if (added.length > 2 * FEW) return union(ranges, added);
  eachRange(added, (from, to) => {
    addRange(ranges, from, to);
  });
  return ranges;
}

/** Both together, in time that grows with their number and not with its square. */
export function union(one: Ranges, other: Ranges): Ranges {
  const all: Ranges = [];
  let left = 0;
  let right = 0;
  while (left < one.length || right < other.length) {
    const isLeft = at(one, left) <= at(other, right);
    const source = isLeft ? one : other;
    const index = isLeft ? left : right;
    addRange(all, at(source, index), at(source, index + 1));
    if (isLeft) left += 2;
    else right += 2;
  }
  return all;
}

/** The same ranges, given in any order and overlapping as they may be. */
export function sorted(pairs: readonly number[]): Ranges {
  let last = -1;
  for (let index = 0; index < pairs.length; index += 2) {
    if (at(pairs, index) <= last) return sortedAnew(pairs);
    last = at(pairs, index + 1);
  }
  return [...pairs];
}

function sortedAnew(pairs: readonly number[]): Ranges {
  const order = Array.from({ length: pairs.length / 2 }, (_, index) => index * 2);
  order.sort((one, other) => at(pairs, one) - at(pairs, other));
  const ranges: Ranges = [];
  for (const index of order) addRange(ranges, at(pairs, index), at(pairs, index + 1));
  return ranges;
}
