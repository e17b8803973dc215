/** What one send costs the platform, whatever it carries (20 to 25 µs on workerd, rounded up), in milliseconds. */
const SEND_COST_MS = 0.03;
/** A busy room sends for about half of its time; a flush that takes longer than the gap is followed at once. */
const PACE = 2;

/**
 * How far apart flushes are: it grows with the number of readers, so that under load each frame carries
 * more.
 *
 * @param leastMs what a room's kind wants between them, whoever reads.
 * @returns milliseconds.
 */
export function gapOf(readers: number, leastMs: number, mostMs: number): number {
  return Math.max(leastMs, Math.min(mostMs, Math.round(readers * SEND_COST_MS * PACE)));
}

/**
 * How long a flush waits. The first after a quiet time goes at once; the next comes no sooner than
 * the gap.
 *
 * @returns milliseconds.
 */
export function flushDelayMs(gapMs: number, lastFlushAt: number, now: number): number {
  // A clock that jumped back must not hold a flush for longer than the gap.
  return Math.min(gapMs, Math.max(0, lastFlushAt + gapMs - now));
}
