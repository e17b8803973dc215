/** The one timer of a room, pending only while a flush is due: a pending timer forbids hibernation. */
export class FlushTimer {
  readonly #after: (delayMs: number, run: () => void) => void;
  readonly #flush: () => void;
  #pending = false;

  /** @param after runs something once, so many milliseconds from now. */
  constructor(after: (delayMs: number, run: () => void) => void, flush: () => void) {
    this.#after = after;
    this.#flush = flush;
  }

  /** Runs the flush in `delayMs`, unless it is due already. */
  start(delayMs: number): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#run(delayMs);
  }

  /** Runs the flush in the turn after `written` is, unless it is due already. */
  startAfter(written: () => Promise<void>): void {
    if (this.#pending) return;
    this.#pending = true;
    const run = () => this.#run(0);
    // What could not be written resets the object, and its timers with it.
    written().then(run, run);
  }

  #run(delayMs: number): void {
    this.#after(delayMs, () => {
      this.#pending = false;
      this.#flush();
    });
  }
}
