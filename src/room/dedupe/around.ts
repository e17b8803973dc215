import type { Stretch } from "../log/log.ts";

/** The stretch from the first to the last of several; `undefined` of none. */
export function around(stretches: readonly (Stretch | undefined)[]): Stretch | undefined {
  const all = stretches.filter((stretch) => stretch !== undefined);
  return all.length === 0
    ? undefined
    : {
        after: Math.min(...all.map(({ after }) => after)),
        upTo: Math.max(...all.map(({ upTo }) => upTo)),
      };
}

/** How many rows a stretch has. */
export function lengthOf(stretch: Stretch | undefined): number {
  return stretch === undefined ? 0 : stretch.upTo - stretch.after;
}
