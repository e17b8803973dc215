import { deliveriesOf } from "../hooks/subscription.ts";
import type { LogEvent } from "../log/log.ts";
import type { DeadLetter } from "../store/dead-letters.ts";
import type { Delivery } from "../store/outbox.ts";
import type { RoomState } from "./room-state.ts";

/** What a flush has for those outside of the room, and what of that is given up. */
export class Dispatch {
  readonly #state: RoomState;
  #deliveries = 0;
  #buried = { letters: 0, dropped: 0 };

  constructor(state: RoomState) {
    this.#state = state;
  }

  get deliveries(): number {
    return this.#deliveries;
  }

  /** What was given up, and what of earlier such had to go for it. */
  get buried(): { readonly letters: number; readonly dropped: number } {
    return this.#buried;
  }

  /** Has those told of an event who hear of such. */
  tell(event: LogEvent): void {
    const { name: room, kind, store, subscriptions } = this.#state;
    if (subscriptions.length === 0) return;
    const place = { room, kind, epoch: store.log.epoch, subscriptions };
    for (const delivery of deliveriesOf(event, place)) this.add(delivery, event.at);
  }

  add(delivery: Delivery, at: number): void {
    this.#state.store.outbox.add(delivery, at);
    this.#deliveries += 1;
  }

  bury(letter: DeadLetter, at: number): void {
    const { letters, dropped } = this.#buried;
    const gone = this.#state.store.deadLetters.add(letter, at);
    this.#buried = { letters: letters + 1, dropped: dropped + gone };
  }
}
