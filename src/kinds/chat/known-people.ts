import { BOUNDS } from "../../protocol/limits.ts";

/** Who has ever written in a room: one row a person, from the first time on. */
export interface WriterStore {
  has(userId: string): boolean;
  add(userId: string): void;
}

/** Where else a person may be known from. */
export interface Acquaintances {
  /** Whether one of this person's connections is here. */
  readonly isHere: (userId: string) => boolean;
  /** Whether this person has ever read here. */
  readonly hasRead: (userId: string) => boolean;
}

/**
 * The people that a room knows: those who are here, have read or have written. Only they hear of a
 * mention, so that nobody reaches an inbox, or makes one, by naming a user.
 */
export class KnownPeople {
  readonly #store: WriterStore;
  readonly #elsewhere: Acquaintances;
  /** Writers who are in storage; what is missing here is looked up there. */
  readonly #writers = new Set<string>();

  constructor(store: WriterStore, elsewhere: Acquaintances) {
    this.#store = store;
    this.#elsewhere = elsewhere;
  }

  knows(userId: string): boolean {
    return (
      this.#elsewhere.isHere(userId) || this.#elsewhere.hasRead(userId) || this.#hasWritten(userId)
    );
  }

  /** Keeps somebody who writes, within the caller's transaction: a row the first time, none after. */
  wrote(userId: string): void {
    if (this.#hasWritten(userId)) return;
    this.#store.add(userId);
    this.#remember(userId);
  }

  /** Looks everybody up again: a transaction has failed, and taken rows back. */
  forget(): void {
    this.#writers.clear();
  }

  #hasWritten(userId: string): boolean {
    if (this.#writers.has(userId)) return true;
    if (!this.#store.has(userId)) return false;
    this.#remember(userId);
    return true;
  }

  #remember(userId: string): void {
    if (this.#writers.size >= BOUNDS.writersRemembered) this.#writers.clear();
    this.#writers.add(userId);
  }
}
