import type { Stretch } from "../log.ts";

/** The hashed keys of a stretch of the log, in four bytes each: which of them may be in it, and which are not. */
export class Segment implements Stretch {
  readonly after: number;
  readonly upTo: number;
  /** Everything in it was accepted by then, milliseconds since the epoch. */
  until: number;
  readonly #hashes: Int32Array;

  constructor({ after, upTo }: Stretch, hashes: Iterable<number>, until: number) {
    this.after = after;
    this.upTo = upTo;
    this.until = until;
    this.#hashes = Int32Array.from(hashes).sort();
  }

  /** `false` is certain. `true` is wrong for one key in a million, so that the log has the last word. */
  mayHave(hash: number): boolean {
    let low = 0;
    let high = this.#hashes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#hashes[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return this.#hashes[low] === hash;
  }
}
