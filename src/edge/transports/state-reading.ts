import * as z from "zod";
import type { AnyContract } from "../../contract/contract.ts";
import { fold, type State } from "../../kinds/running/state.ts";
import type { TextFrame } from "../../protocol/unbundle.ts";

const greetingSchema = z.object({
  seq: z.int(),
  state: z.unknown(),
  contract: z.object({ hash: z.string() }),
});

const eventSchema = z.object({
  payload: z.json(),
  userId: z.string(),
  timestamp: z.string(),
});

/**
 * Follows the state of a room of one of a team's own kinds: from what its greeting tells, folded by the
 * events that come after it, as any client folds it. Where this Worker and the room have different
 * contracts, as in the midst of a deployment, it is known no further than the greeting told it.
 */
export class StateReading {
  readonly #contract: AnyContract;
  #state: State | undefined;
  #isFollowed = false;

  constructor(contract: AnyContract) {
    this.#contract = contract;
  }

  /** Takes the next frame that the room tells. */
  follow({ type, seq, payload, json }: TextFrame): void {
    if (type === "joined_room") {
      const { seq: head, state, contract } = greetingSchema.parse(payload);
      this.#state = { value: state, seq: head };
      this.#isFollowed = contract.hash === this.#contract.hash;
      return;
    }
    // What was missed before the head is in the greeting's state already.
    if (this.#state === undefined || seq === undefined || seq <= this.#state.seq) return;
    if (this.#isFollowed) this.#state = this.#folded(this.#state, type, seq, json);
  }

  /** The state after the event at a `seq`; `undefined` when that is not known. */
  at(seq: number): unknown {
    return this.#state?.seq === seq ? this.#state.value : undefined;
  }

  #folded(state: State, type: string, seq: number, json: string): State | undefined {
    const { payload, userId, timestamp } = eventSchema.parse(JSON.parse(json));
    try {
      const event = { type, data: payload, actorId: userId, seq, timestamp };
      return fold(this.#contract, state, event);
    } catch {
      return undefined;
    }
  }
}
