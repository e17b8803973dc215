import { type Refusal, refusal } from "../protocol/error.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Actor } from "./actor.ts";
import { Buckets } from "./buckets.ts";

/**
 * How many people one sender may have told of mentions and replies: what leaves the room costs more
 * than what stays, and is counted on its own. The backend is not counted.
 */
export class MentionQuota {
  readonly #buckets: Buckets | undefined;

  constructor({ mentionsPerMinute: perMinute }: RoomLimits) {
    this.#buckets =
      perMinute === 0 ? undefined : new Buckets({ perSecond: perMinute / 60, burst: perMinute });
  }

  /** Why a message that tells so many people has to wait; nothing is counted yet. */
  refuses({ userId, backend }: Actor, people: number, now: number): Refusal | undefined {
    if (people === 0 || backend === true) return undefined;
    const taken = this.#buckets?.try(userId, now, people);
    return taken === undefined || taken.allowed
      ? undefined
      : refusal(
          "rate_limited",
          "Too many mentions and replies; wait and send again, or mention fewer people.",
          taken.retryAfterMs,
        );
  }

  /** Counts the people that a message tells. */
  spend({ userId, backend }: Actor, people: number, now: number): void {
    if (backend !== true) this.#buckets?.take(userId, now, people);
  }
}
