import type { AnyContract } from "../contract/contract.ts";
import type { FoldedEvent } from "../contract/fold.ts";
import { frozen } from "../contract/frozen.ts";
import { parse } from "../contract/parse.ts";
import type { JoinedRoom } from "../protocol/server-frame.ts";
import { fold } from "./fold.ts";
import { type Guess, Guesses } from "./guesses.ts";
import type { Receipt } from "./outbox-entry.ts";
import type { Reset } from "./room-event.ts";

interface Settled {
  readonly value: unknown;
  readonly seq: number;
}

/** A room's state as it is told or folded here, and over it what this user has sent optimistically. */
export class FoldedState {
  readonly #contract: AnyContract;
  readonly #self: () => string;
  readonly #guessed: () => void;
  readonly #guesses = new Guesses();
  #settled: Settled | undefined;
  #value: unknown;

  /**
   * @param self the id of this user.
   * @param guessed it is another one by what was sent, or by what came of that: not by what came in.
   */
  constructor(contract: AnyContract, self: () => string, guessed: () => void) {
    this.#contract = contract;
    this.#self = self;
    this.#guessed = guessed;
  }

  /** With what was sent optimistically; frozen. */
  get value(): unknown {
    return this.#value;
  }

  /** A connection was greeted, with a state perhaps. */
  greeted(told: unknown, { recovered, seq }: JoinedRoom, reset: Reset | undefined): void {
    if (reset?.reason === "epoch") this.#guesses.restart();
    const known = recovered ? this.#settled?.value : this.#contract.initial;
    // Events up to there may still be to come: they are in it.
    this.#settled = { value: told === undefined ? known : frozen(told), seq };
    this.#refresh();
  }

  /** The room says what it is, as of a `seq`. */
  told(value: unknown, seq: number): void {
    if (this.#settled === undefined || seq >= this.#settled.seq) this.#settle(frozen(value), seq);
  }

  /**
   * Folds a stored event.
   *
   * @throws what the contract's `apply` throws.
   */
  fold(event: FoldedEvent): void {
    const { seq } = event;
    if (this.#settled === undefined || seq <= this.#settled.seq) return;
    this.#settle(fold(this.#contract, this.#settled.value, event), seq);
  }

  /** This user's own event came. */
  met(type: string, seq: number): void {
    this.#guesses.met(type, seq);
  }

  /** Folds an event that is on its way to the room, until that says what came of it. */
  guess(guess: Guess, stored: Promise<Receipt>): void {
    const { type, data } = guess;
    const schema = this.#contract.events[type];
    if (schema === undefined) return;
    stored
      .then(
        ({ savedId }) => this.#guesses.stored(stored, savedId),
        () => this.#guesses.drop(stored),
      )
      .then(() => this.#reguess());
    try {
      const parsed = parse(schema, data, "payload");
      if (!parsed.ok) return;
      // As the room will tell it; and what the application handed over stays its own to change.
      const told: unknown = JSON.parse(JSON.stringify(parsed.value ?? null));
      this.#guesses.add(stored, { ...guess, data: frozen(told) });
      this.#reguess();
    } catch {
      // A schema that cannot say it now: the room will.
    }
  }

  #settle(value: unknown, seq: number): void {
    this.#settled = { value, seq };
    this.#refresh();
  }

  #reguess(): void {
    const before = this.#value;
    this.#refresh();
    if (this.#value !== before) this.#guessed();
  }

  /** Folds what was sent optimistically over what is settled. */
  #refresh(): void {
    if (this.#settled === undefined) return;
    let { value, seq } = this.#settled;
    const actorId = this.#self();
    for (const guess of this.#guesses.beyond(seq)) {
      seq += 1;
      try {
        value = fold(this.#contract, value, { ...guess, actorId, seq });
      } catch {
        // It is not to be: the room will say so.
      }
    }
    this.#value = value;
  }
}
