import { type Refusal, refusal } from "../../protocol/error.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import { type Bucket, type Rate, take } from "../../room/quota/quota.ts";
import type { InboxStore } from "./inbox-store.ts";

const MINUTE_MS = 60_000;

/**
 * How many notices an inbox takes from all rooms together: however many rooms and senders there are,
 * a person's bell rings no faster. What is over waits in the outbox of its room.
 */
export class ArrivalQuota {
  readonly #rate: Rate | undefined;
  readonly #inbox: InboxStore;
  /** `undefined` until the first notice: what an earlier life took is in the log. */
  #bucket: Bucket | undefined;

  constructor({ noticesPerMinute: perMinute }: RoomLimits, inbox: InboxStore) {
    this.#rate = perMinute === 0 ? undefined : { perSecond: perMinute / 60, burst: perMinute };
    this.#inbox = inbox;
  }

  /** Why a notice has to wait; nothing is counted yet. */
  refuses(now: number): Refusal | undefined {
    if (this.#rate === undefined) return undefined;
    const { allowed, retryAfterMs } = take(this.#now(this.#rate, now), this.#rate, now);
    return allowed
      ? undefined
      : refusal(
          "rate_limited",
          "This inbox has had too many notices; bring it later.",
          retryAfterMs,
        );
  }

  /** Counts a notice that is taken. */
  spend(now: number): void {
    if (this.#rate !== undefined) {
      this.#bucket = take(this.#now(this.#rate, now), this.#rate, now).bucket;
    }
  }

  /** What was spent was not stored after all. */
  forget(): void {
    this.#bucket = undefined;
  }

  /**
   * At least what is left when nothing was refilled within the minute. What the clock says is yet to
   * come does not count: it came before the clock was set back, and every sleep would count it anew
   * until that has caught up.
   */
  #left({ burst }: Rate, now: number): number {
    return Math.max(0, burst - this.#inbox.deliveredWithin(now - MINUTE_MS, now, burst));
  }

  #now(rate: Rate, now: number): Bucket {
    this.#bucket ??= { tokens: this.#left(rate, now), at: now };
    return this.#bucket;
  }
}
