import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { flushDelayMs } from "../room/flush/flush-pace.ts";

/**
 * How long a flush waits, in milliseconds: the more are told, the fuller what they are told. Whoever is
 * alone waits for nobody, so that a second of typing is one row; when the last one has left nothing is
 * waited for.
 */
export function paceMs(connections: number, lastFlushAt: number, now: number): number {
  const { flushGapMs, gapPerConnectionMs, aloneGapMs } = EDITOR_BOUNDS;
  if (connections === 0) return 0;
  const gapMs =
    connections === 1 ? aloneGapMs : Math.min(flushGapMs, connections * gapPerConnectionMs);
  return flushDelayMs(gapMs, lastFlushAt, now);
}
