const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const RESTART_SPREAD_MS = 1_000;
const DISPLACED_FIRST_MS = 30_000;
const DISPLACED_LONGEST_MS = 600_000;

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

/**
 * How long to stay away, in milliseconds, when another place of the same user took this one's for the
 * `time`-th time (from 1): doubling from half a minute to ten, and up to half as much again by chance,
 * for each that comes back takes the next one's place.
 *
 * @param random from 0 up to 1.
 */
export function displacedMs(time: number, random: number): number {
  return Math.min(DISPLACED_FIRST_MS * 2 ** (time - 1), DISPLACED_LONGEST_MS) * (1 + random * 0.5);
}
