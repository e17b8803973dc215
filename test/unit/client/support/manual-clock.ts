interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Timers take 31 bits of milliseconds; platforms run longer ones at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock that stands still until a test moves it. */
export class ManualClock {
  #nowMs = Date.parse("2026-01-01T00:00:00Z");
  #timers: Timer[] = [];

  readonly now = (): number => this.#nowMs;

  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const timer = { at: this.#nowMs + (delayMs > LONGEST_TIMER_MS ? 1 : delayMs), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** How many timers are pending. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves on, running what falls due in order, and everything that follows from it at once. */
  async advance(byMs: number): Promise<void> {
    const until = this.#nowMs + byMs;
    await settle();
    for (let timer = this.#nextBy(until); timer !== undefined; timer = this.#nextBy(until)) {
      const due = timer;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#nowMs = Math.max(this.#nowMs, due.at);
      due.run();
      await settle();
    }
    this.#nowMs = until;
  }

  #nextBy(until: number): Timer | undefined {
    // Stable: of those due at once, the one that was set first runs first.
    return this.#timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
