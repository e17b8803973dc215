import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { flushDelayMs } from "../room/flush/flush-pace.ts";

/**
 * How long a flush waits, in milliseconds: the more are told, the fuller what they are told. Whoever is
 * alone waits for nobody, so that a second of typing is one row; when the last one has left nothing is
 * waited for.
 */
export function paceMs(connections: number, lastFlushAt: number, now: number): number {
  const { flushGapMs, gapPerConnectionMs } = EDITOR_BOUNDS;
  const gapMs = Math.min(flushGapMs, connections * gapPerConnectionMs);
  return flushDelayMs(unlessAlone(connections, gapMs), lastFlushAt, now);
}

/** The same of cursors, which wait for longer where many are: stock clients repeat each that they hear. */
export function cursorPaceMs(connections: number, lastToldAt: number, now: number): number {
  const { cursorGapMs, cursorGapPerConnectionMs } = EDITOR_BOUNDS;
  const gapMs = Math.min(cursorGapMs, connections * cursorGapPerConnectionMs);
  return flushDelayMs(unlessAlone(connections, gapMs), lastToldAt, now);
}

function unlessAlone(connections: number, gapMs: number): number {
  return connections === 1 ? EDITOR_BOUNDS.aloneGapMs : gapMs;
}
