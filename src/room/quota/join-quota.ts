import type { AdmittedSession } from "../../protocol/admission.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import { Buckets } from "./buckets.ts";
import type { RequestQuota } from "./request-quota.ts";

/**
 * How often one user may come in: joining costs a room more than any frame. A long poll comes in
 * with every answer, so it counts as the request that it is.
 *
 * In memory alone: nothing of a join is stored that it could be counted from, and what a room's sleep
 * of ten quiet seconds gives back costs nobody but the room that has just been idle. Over sleeps and
 * rooms the edge's `LIMIT_REQUESTS_PER_MINUTE` holds.
 */
export class JoinQuota {
  readonly #requests: RequestQuota;
  readonly #joins: Buckets | undefined;

  constructor({ joinsPerMinute }: RoomLimits, requests: RequestQuota) {
    this.#requests = requests;
    if (joinsPerMinute > 0) {
      this.#joins = new Buckets({ perSecond: joinsPerMinute / 60, burst: joinsPerMinute });
    }
  }

  /** Counts one who comes in; says why when it is once too often. */
  refuses(
    { userId, transport, backend }: Pick<AdmittedSession, "userId" | "transport" | "backend">,
    now: number,
  ): Refusal | undefined {
    if (backend === true) return undefined;
    if (transport === "poll") return this.#requests.refuses(userId, now);
    const taken = this.#joins?.take(userId, now);
    return taken === undefined || taken.allowed
      ? undefined
      : refusal(
          "rate_limited",
          "You came into this room too often; wait and come back.",
          taken.retryAfterMs,
        );
  }
}
