import { GIVE_UP_MS, GIVE_UP_TRIES } from "../../room/store/outbox.ts";
import type { Timer } from "./standing-store.ts";

/** The first and the longest wait before the rule of a timer that failed is run again, in milliseconds. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 3_600_000;

/** When a timer's rule is to be run, milliseconds since the epoch. */
export function dueAt({ at, failed }: Timer): number {
  return Math.max(at, failed?.retryAt ?? 0);
}

/**
 * A timer after its rule has failed once more: it is run again, ever later. `undefined` once it has
 * failed for so long, and so often, that it is given up.
 */
export function retryOf(timer: Timer, now: number): Timer | undefined {
  const times = (timer.failed?.times ?? 0) + 1;
  if (times >= GIVE_UP_TRIES && now - timer.at >= GIVE_UP_MS) return undefined;
  const waitMs = Math.min(RETRY_MS * 2 ** (times - 1), RETRY_MAX_MS);
  return { ...timer, failed: { times, retryAt: now + waitMs } };
}
