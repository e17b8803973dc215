/** What one send costs the platform, whatever it carries (DESIGN §5; rounded up), in milliseconds. */
const SEND_COST_MS = 0.03;
/** A busy room sends for about half of its time; a flush that takes longer than the gap is followed at once. */
const PACE = 2;

/**
 * How long a flush waits. The first after a quiet time goes at once; the next comes no sooner than
 * a gap that grows with the number of readers, so that under load each frame carries more.
 *
 * @returns milliseconds.
 */
export function flushDelayMs(
  readers: number,
  lastFlushAt: number,
  maxGapMs: number,
  now: number,
): number {
  const gap = Math.min(maxGapMs, Math.round(readers * SEND_COST_MS * PACE));
  // A clock that jumped back must not hold a flush for longer than the gap.
  return Math.min(gap, Math.max(0, lastFlushAt + gap - now));
}
