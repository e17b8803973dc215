import { type Refusal, refusal } from "../protocol/error.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { type Bucket, fullBucket, type Rate, take } from "./quota.ts";

/** Buckets kept before the full ones are dropped: a stranger must not fill the memory with names. */
const SWEEP_ABOVE = 1_000;

/**
 * The quota of requests over HTTP, by user. It is what the same person could say over all the
 * sockets that one address may hold, so HTTP is no way around the limit and no narrower either.
 */
export class RequestQuota {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ framesPerSecond, framesBurst, connectionsPerIp }: RoomLimits) {
    this.#rate = {
      perSecond: framesPerSecond * connectionsPerIp,
      burst: framesBurst * connectionsPerIp,
    };
  }

  /** Counts a request; says why when it is one too many. */
  refuses(userId: string, now: number): Refusal | undefined {
    const before = this.#buckets.get(userId) ?? fullBucket(this.#rate, now);
    const { bucket, allowed, retryAfterMs } = take(before, this.#rate, now);
    this.#buckets.set(userId, bucket);
    if (this.#buckets.size > SWEEP_ABOVE) this.#forgetFull(now);
    return allowed
      ? undefined
      : refusal("rate_limited", "Too many requests; wait and send again.", retryAfterMs);
  }

  #forgetFull(now: number): void {
    const refillMs = (this.#rate.burst * 1000) / this.#rate.perSecond;
    for (const [userId, { at }] of this.#buckets) {
      if (now - at >= refillMs) this.#buckets.delete(userId);
    }
  }
}
