import { type Refusal, refusal } from "../protocol/error.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { type Bucket, fullBucket, type Rate, take } from "./quota.ts";

/**
 * Buckets kept before the full ones are dropped: a stranger must not fill the memory with names.
 * Dropping them looks at each, so it is done no more often than an empty one takes to fill.
 */
const SWEEP_ABOVE = 1_000;

/**
 * The quota of requests over HTTP, by user. It is what the same person could say over all the
 * sockets that one address may hold, so HTTP is no way around the limit and no narrower either.
 */
export class RequestQuota {
  readonly #rate: Rate;
  readonly #refillMs: number;
  readonly #buckets = new Map<string, Bucket>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor({ framesPerSecond, framesBurst, connectionsPerIp }: RoomLimits) {
    this.#rate = {
      perSecond: framesPerSecond * connectionsPerIp,
      burst: framesBurst * connectionsPerIp,
    };
    this.#refillMs = (this.#rate.burst * 1000) / this.#rate.perSecond;
  }

  /** Counts a request; says why when it is one too many. */
  refuses(userId: string, now: number): Refusal | undefined {
    const before = this.#buckets.get(userId) ?? fullBucket(this.#rate, now);
    const { bucket, allowed, retryAfterMs } = take(before, this.#rate, now);
    this.#buckets.set(userId, bucket);
    if (this.#buckets.size > SWEEP_ABOVE) this.#sweep(now);
    return allowed
      ? undefined
      : refusal("rate_limited", "Too many requests; wait and send again.", retryAfterMs);
  }

  #sweep(now: number): void {
    // Either way: the clock may have been set back.
    if (Math.abs(now - this.#sweptAt) < this.#refillMs) return;
    this.#sweptAt = now;
    for (const [userId, { at }] of this.#buckets) {
      if (now - at >= this.#refillMs) this.#buckets.delete(userId);
    }
  }
}
