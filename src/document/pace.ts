import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { flushDelayMs } from "../room/flush/flush-pace.ts";

/**
 * How long a flush waits, in milliseconds. Whoever is alone waits for nobody, so that a second of typing
 * is one row; when the last one has left nothing is waited for.
 */
export function paceMs(connections: number, lastFlushAt: number, now: number): number {
  const { flushGapMs, aloneGapMs } = EDITOR_BOUNDS;
  if (connections === 0) return 0;
  if (connections > 1) return flushDelayMs(connections, lastFlushAt, flushGapMs, now);
  // A clock that jumped back must not hold a flush for longer than the gap.
  return Math.min(aloneGapMs, Math.max(0, lastFlushAt + aloneGapMs - now));
}
