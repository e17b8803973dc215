import { type Refusal, refusal } from "../protocol/error.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { Buckets } from "./buckets.ts";

/**
 * The quota of requests over HTTP, by user. It is what the same person could say over all the
 * sockets that one address may hold, so HTTP is no way around the limit and no narrower either.
 */
export class RequestQuota {
  readonly #buckets: Buckets;

  constructor({ framesPerSecond, framesBurst, connectionsPerIp }: RoomLimits) {
    this.#buckets = new Buckets({
      perSecond: framesPerSecond * connectionsPerIp,
      burst: framesBurst * connectionsPerIp,
    });
  }

  /** Counts a request; says why when it is one too many. */
  refuses(userId: string, now: number): Refusal | undefined {
    const { allowed, retryAfterMs } = this.#buckets.take(userId, now);
    return allowed
      ? undefined
      : refusal("rate_limited", "Too many requests; wait and send again.", retryAfterMs);
  }
}
