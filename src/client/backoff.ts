const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const RESTART_SPREAD_MS = 1_000;

/**
 * How long to wait, in milliseconds, before the `attempt`-th try (from 1): doubling from one second
 * to thirty, of which a random half is taken off so that a crowd does not come back as one.
 *
 * @param random from 0 up to 1.
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS) * (0.5 + random * 0.5);
}

/** How long to wait, in milliseconds, after a restart that everyone was told of at once. */
export function restartMs(random: number): number {
  return random * RESTART_SPREAD_MS;
}
