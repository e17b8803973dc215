/** The one timer of a room, pending only while a flush is due: a pending timer forbids hibernation. */
export class FlushTimer {
  readonly #after: (delayMs: number, run: () => void) => void;
  readonly #flush: () => void;
  /** When it runs, milliseconds since the epoch; `undefined` while nothing is due. */
  #dueAt: number | undefined;
  /** Times for which the platform holds a timer, those included that a flush put forward has made idle. */
  readonly #held = new Set<number>();

  /** @param after runs something once, so many milliseconds from now. */
  constructor(after: (delayMs: number, run: () => void) => void, flush: () => void) {
    this.#after = after;
    this.#flush = flush;
  }

  /** Runs the flush in `delayMs`, unless it is due by then already. */
  start(delayMs: number, now: number): void {
    const dueAt = now + delayMs;
    if (this.#dueAt !== undefined && this.#dueAt <= dueAt) return;
    this.#dueAt = dueAt;
    // What may wait for a second is put off by each flush before it, and then due at the same time again.
    if (!this.#held.has(dueAt)) this.#run(delayMs, dueAt);
  }

  /** Runs the flush in the turn after `written` is, unless it is due already. */
  startAfter(written: () => Promise<void>): void {
    if (this.#dueAt !== undefined) return;
    const dueAt = Number.NEGATIVE_INFINITY;
    this.#dueAt = dueAt;
    const run = () => this.#run(0, dueAt);
    // What could not be written resets the object, and its timers with it.
    written().then(run, run);
  }

  #run(delayMs: number, dueAt: number): void {
    this.#held.add(dueAt);
    this.#after(delayMs, () => {
      this.#held.delete(dueAt);
      // Put forward meanwhile, it has run.
      if (this.#dueAt !== dueAt) return;
      this.#dueAt = undefined;
      this.#flush();
    });
  }
}
