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
    setTimeout(() => {
      this.#pending = false;
      this.#flush();
    }, delayMs);
  }
}
