/** An event that was sent and folded at once, before the room has said anything to it. */
export interface Guess {
  readonly type: string;
  /** As the contract's schema puts it out; frozen. */
  readonly data: unknown;
  /** ISO 8601. */
  readonly timestamp: string;
}

interface Place {
  readonly guess: Guess;
  /** `seq` that it has, or may have; 0 while none is known. */
  seq: number;
  /** Whether its acknowledgement said so. */
  isCertain: boolean;
}

/**
 * What was sent optimistically, in order, until the state has it. The event does not say which
 * messageId it was sent under, and comes before or after the acknowledgement: so the next of its
 * type by this user is taken for it, until the acknowledgement says better. Each is known by the promise
 * of its acknowledgement.
 */
export class Guesses {
  readonly #places = new Map<object, Place>();

  add(promise: object, guess: Guess): void {
    this.#places.set(promise, { guess, seq: 0, isCertain: false });
  }

  /** Those that a state of this `seq` does not have, in order; forgets those that it has for certain. */
  beyond(seq: number): readonly Guess[] {
    for (const [promise, place] of this.#places) {
      if (place.isCertain && place.seq <= seq) this.#places.delete(promise);
    }
    return [...this.#places.values()]
      .filter((place) => place.seq === 0 || place.seq > seq)
      .map(({ guess }) => guess);
  }

  /** This user's own event came. */
  met(type: string, seq: number): void {
    for (const place of this.#places.values()) {
      if (place.guess.type !== type || place.seq !== 0) continue;
      place.seq = seq;
      return;
    }
  }

  /** It was stored, and this is its `seq`. */
  stored(promise: object, seq: number): void {
    const place = this.#places.get(promise);
    if (place !== undefined) Object.assign(place, { seq, isCertain: true });
  }

  /** It was refused, or given up. */
  drop(promise: object): void {
    this.#places.delete(promise);
  }

  /** The log began anew: what was stored is in another life, and the rest may be sent again. */
  restart(): void {
    for (const [promise, place] of this.#places) {
      if (place.isCertain) this.#places.delete(promise);
      place.seq = 0;
    }
  }
}
