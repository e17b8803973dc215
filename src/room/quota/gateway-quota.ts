import { GATEWAY_BOUNDS } from "../../protocol/gateway-limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import { type Bucket, fullBucket, type Rate, take } from "./quota.ts";

/** As many tokens as one connection may have, by settings. */
export type GatewayLimits = Pick<
  RoomLimits,
  "framesPerSecond" | "framesBurst" | "presencePerSecond" | "bytesPerSecond" | "bytesBurst"
>;

/** A frame's fate by the quota: let in, refused, or refused once too often. */
export type GatewayVerdict =
  | { readonly verdict: "admitted" }
  | { readonly verdict: "refused"; readonly retryAfterMs: number }
  | { readonly verdict: "flooding" };

/** What one connection of many rooms may say over all of them; each room holds it to its own beside. */
export class GatewayQuota {
  readonly #rates: { readonly frames: Rate; readonly bytes: Rate | undefined };
  #frames: Bucket;
  #bytes: Bucket | undefined;
  /** Frames refused since the bucket of frames was last half full. */
  #overruns = 0;

  /** @param now milliseconds since the epoch, as in what follows. */
  constructor(limits: GatewayLimits, now: number) {
    const { framesPerSecond, framesBurst, presencePerSecond, bytesPerSecond, bytesBurst } = limits;
    const frames = rateOf(framesPerSecond + presencePerSecond, framesBurst + presencePerSecond);
    const bytes = bytesPerSecond === 0 ? undefined : rateOf(bytesPerSecond, bytesBurst);
    this.#rates = { frames, bytes };
    this.#frames = fullBucket(frames, now);
    this.#bytes = bytes && fullBucket(bytes, now);
  }

  /**
   * Counts a frame, if it may be.
   *
   * @param frames what it counts for: one that is said to all rooms is as many.
   */
  take(bytes: number, now: number, frames = 1): GatewayVerdict {
    const { frames: rate, bytes: byteRate } = this.#rates;
    const counted = take(this.#frames, rate, now, frames);
    if (counted.bucket.tokens >= rate.burst / 2) this.#overruns = 0;
    const weighed = byteRate && this.#bytes && take(this.#bytes, byteRate, now, bytes);
    if (counted.allowed && weighed?.allowed !== false) {
      this.#frames = counted.bucket;
      this.#bytes = weighed?.bucket;
      return { verdict: "admitted" };
    }
    this.#overruns += 1;
    // It has a burst of four connections: as many refusals are as long as twice one's is in a room.
    if (this.#overruns >= rate.burst) return { verdict: "flooding" };
    const retryAfterMs = Math.max(counted.retryAfterMs, weighed?.retryAfterMs ?? 0);
    return { verdict: "refused", retryAfterMs };
  }
}

function rateOf(perSecond: number, burst: number): Rate {
  const { quotaFactor } = GATEWAY_BOUNDS;
  return { perSecond: perSecond * quotaFactor, burst: burst * quotaFactor };
}
