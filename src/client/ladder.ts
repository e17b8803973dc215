import type { Environment } from "./environment.ts";

/**
 * How long a transport that has worked before may fail, in milliseconds, before a lower one is
 * tried: a server that restarts refuses them all, and the first try after it must not be a lower.
 */
const PATIENCE_MS = 5_000;

/** Remembers which of some transports works here, the best first; each is a rung, 0 the top. */
export class Ladder {
  readonly #environment: Environment;
  readonly #rungs: number;
  #start = 0;
  #isProven = false;
  #failingSince: number | undefined;

  /** @param rungs how many there are. */
  constructor(environment: Environment, rungs: number) {
    this.#environment = environment;
    this.#rungs = rungs;
  }

  /** Begins to climb; the rung to begin at. */
  begin(): number {
    this.#failingSince ??= this.#environment.now();
    return this.#start;
  }

  /** A rung carried somebody. */
  carried(rung: number): void {
    this.#start = rung;
    this.#isProven = true;
    this.#failingSince = undefined;
  }

  /** The rung to try after this one failed; `undefined` when there is none, or not yet. */
  below(rung: number): number | undefined {
    if (this.#isProven && rung === this.#start && this.#failingForMs() < PATIENCE_MS) {
      return undefined;
    }
    if (rung + 1 < this.#rungs) return rung + 1;
    // Nothing works down here any more, so perhaps what is above does.
    if (this.#start > 0) {
      this.#start = 0;
      this.#isProven = false;
    }
    return undefined;
  }

  #failingForMs(): number {
    const now = this.#environment.now();
    return Math.max(0, now - (this.#failingSince ?? now));
  }
}
