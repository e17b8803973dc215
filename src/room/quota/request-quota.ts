import { type Refusal, refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import { Buckets } from "./buckets.ts";

/**
 * The quota of requests over HTTP, by user. It is what the same person could say over all the
 * sockets that they may hold, so HTTP is no way around the limit and no narrower either.
 */
export class RequestQuota {
  readonly #requests: Buckets;
  readonly #bytes: Buckets | undefined;

  constructor(limits: RoomLimits) {
    const sockets = limits.connectionsPerUser || BOUNDS.requestConnections;
    const buckets = (perSecond: number, burst: number) =>
      new Buckets({ perSecond: perSecond * sockets, burst: burst * sockets });
    this.#requests = buckets(limits.framesPerSecond, limits.framesBurst);
    if (limits.bytesPerSecond > 0) {
      this.#bytes = buckets(limits.bytesPerSecond, limits.bytesBurst);
    }
  }

  /** Counts a request, and the bytes of its body; says why when it is too many. */
  refuses(userId: string, now: number, bytes = 0): Refusal | undefined {
    const requests = this.#requests.take(userId, now);
    if (!requests.allowed) return slowDown("requests", requests.retryAfterMs);
    if (bytes === 0 || this.#bytes === undefined) return undefined;
    const { allowed, retryAfterMs } = this.#bytes.take(userId, now, bytes);
    return allowed ? undefined : slowDown("bytes", retryAfterMs);
  }
}

function slowDown(what: string, retryAfterMs: number): Refusal {
  return refusal("rate_limited", `Too many ${what}; wait and send again.`, retryAfterMs);
}
