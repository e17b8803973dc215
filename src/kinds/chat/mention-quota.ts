import { type Refusal, refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import type { Actor } from "../../room/actor.ts";
import type { RoomLog } from "../../room/log/log.ts";
import { Buckets } from "../../room/quota/buckets.ts";

const MINUTE_MS = 60_000;

/**
 * How many people one sender may have told of mentions and replies: what leaves the room costs more
 * than what stays, and is counted on its own. The backend is not counted. What an earlier life of the
 * room counted is in the log: a room sleeps after ten quiet seconds, and must not forget with it.
 */
export class MentionQuota {
  readonly #perMinute: number;
  readonly #log: RoomLog;
  /** `undefined` until the first message that tells somebody. */
  #buckets: Buckets | undefined;

  constructor({ mentionsPerMinute }: RoomLimits, log: RoomLog) {
    this.#perMinute = mentionsPerMinute;
    this.#log = log;
  }

  /** Why a message that tells so many people has to wait; nothing is counted yet. */
  refuses({ userId, backend }: Actor, people: number, now: number): Refusal | undefined {
    if (people === 0 || backend === true || this.#perMinute === 0) return undefined;
    const { allowed, retryAfterMs } = this.#bucketsAt(now).try(userId, now, people);
    return allowed
      ? undefined
      : refusal(
          "rate_limited",
          "Too many mentions and replies; wait and send again, or mention fewer people.",
          retryAfterMs,
        );
  }

  /** Counts the people that a message tells. */
  spend({ userId, backend }: Actor, people: number, now: number): void {
    if (backend === true || this.#perMinute === 0) return;
    this.#bucketsAt(now).take(userId, now, people);
  }

  /** What was spent was not stored after all. */
  forget(): void {
    this.#buckets = undefined;
  }

  #bucketsAt(now: number): Buckets {
    this.#buckets ??= this.#recounted(now);
    return this.#buckets;
  }

  /** As they were left: what was told since the last time that every bucket was surely full. */
  #recounted(now: number): Buckets {
    const buckets = new Buckets({ perSecond: this.#perMinute / 60, burst: this.#perMinute });
    // One message may cost more than a bucket holds, and leaves it in debt for as long.
    const mostAtOnce = Math.max(this.#perMinute, BOUNDS.mentions + 1);
    const since = now - MINUTE_MS * (1 + mostAtOnce / this.#perMinute);
    for (const { userId, people, at } of this.#log.toldSince(since, BOUNDS.toldSearched)) {
      // What the clock says is yet to come was told before it was set back: every sleep would count
      // it anew until that has caught up.
      if (at <= now) buckets.take(userId, at, people);
    }
    return buckets;
  }
}
