import { backoffMs } from "./backoff.ts";
import type { Environment } from "./environment.ts";

/** After this long without one, in milliseconds, the next is the first again. */
const ROW_MS = 60_000;
/** What is still missing after so many tries from one place in the log will not come. */
const TRIES_MAX = 3;

/** Says when to come back for what was missed in the middle of a connection, and when to give it up. */
export class Resync {
  readonly #environment: Environment;
  #row = 0;
  #lastAt = 0;
  #place = -1;
  #triesHere = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /**
   * Something is missing after this `seq`. How long to wait before coming back, in milliseconds:
   * not at all at first, then ever longer, because a server may always say the same. `undefined` when
   * this place in the log was come back to often enough: then it is passed over.
   */
  delayMs(seq: number): number | undefined {
    const now = this.#environment.now();
    const isFirst = now - this.#lastAt > ROW_MS;
    this.#lastAt = now;
    if (isFirst || seq !== this.#place) this.#triesHere = 0;
    this.#place = seq;
    if (this.#triesHere >= TRIES_MAX) return undefined;
    this.#triesHere += 1;
    this.#row = isFirst ? 1 : this.#row + 1;
    return this.#row === 1 ? 0 : backoffMs(this.#row - 1, this.#environment.random());
  }
}
