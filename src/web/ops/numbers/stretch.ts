/** What a chart shows at least, in seconds. */
const SHORTEST_S = 60;

/**
 * From when to when a chart of these moments is, in seconds since the epoch: up to the newest. The
 * library would stretch a single one over the day after it.
 */
export function stretchOf(at: ArrayLike<number>): readonly [from: number, to: number] {
  const newest = at[at.length - 1] ?? SHORTEST_S;
  return [Math.min(at[0] ?? newest, newest - SHORTEST_S), newest];
}
