import { type Bucket, fullBucket, type Rate, take } from "../../room/quota/quota.ts";
import { APP_BOUNDS } from "./limits.ts";

/** How much one connection may say in all; each of its rooms holds it to less. */
export class Quota {
  readonly #rate: Rate;
  #bucket: Bucket;
  #refused = 0;

  /**
   * @param room what it may say in one room.
   * @param now milliseconds since the epoch.
   */
  constructor(
    room: { readonly framesPerSecond: number; readonly framesBurst: number },
    now: number,
  ) {
    const { quotaFactor } = APP_BOUNDS;
    this.#rate = {
      perSecond: quotaFactor * room.framesPerSecond,
      burst: quotaFactor * room.framesBurst,
    };
    this.#bucket = fullBucket(this.#rate, now);
  }

  /** Counts one more. Returns how long it should have waited, in milliseconds; 0 when it is allowed. */
  take(now: number): number {
    const { bucket, allowed, retryAfterMs } = take(this.#bucket, this.#rate, now);
    this.#bucket = bucket;
    this.#refused = allowed ? 0 : this.#refused + 1;
    return retryAfterMs;
  }

  /** Whether refusals have gone on for too long. */
  get isFlooding(): boolean {
    return this.#refused > APP_BOUNDS.refusedInARow;
  }
}
