import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { Buckets } from "../room/quota/buckets.ts";

const { newClientsPerSecond, newClientsBurst } = EDITOR_BOUNDS;

const TOO_MANY = refusal(
  "too_large",
  `This brings more than ${newClientsBurst} clients into the document at once; the API key may, by PUT.`,
);

/** How many clients each person has brought into a document: no one may use up its room for them. */
export class BroughtClients {
  readonly #brought = new Buckets({ perSecond: newClientsPerSecond, burst: newClientsBurst });

  /** Counts them; why they may not come, `undefined` when they may. */
  bring(userId: string, count: number, now: number): Refusal | undefined {
    if (count > newClientsBurst) return TOO_MANY;
    const taken = this.#brought.take(userId, now, count);
    if (taken.allowed) return undefined;
    const message = "You bring too many new clients into this document; come back later.";
    return refusal("rate_limited", message, taken.retryAfterMs);
  }
}
