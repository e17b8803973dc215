/** The one timer of a room, pending only while a flush is due: a pending timer forbids hibernation. */
export class FlushTimer {
  readonly #flush: () => void;
  #pending = false;

  constructor(flush: () => void) {
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
    setTimeout(() => {
      this.#pending = false;
      this.#flush();
    }, delayMs);
  }
}
