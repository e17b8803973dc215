const MINUTE_MS = 60_000;

/** Keys that are counted at once. Whoever comes by more addresses than that is the platform's to stop. */
const KEYS = 20_000;

/** Counts requests by key in this isolate, in windows of a minute or of another time. */
export class RequestCounter {
  readonly #counts = new Map<string, number>();
  readonly #windowMs: number;
  #window = 0;

  constructor(windowMs: number = MINUTE_MS) {
    this.#windowMs = windowMs;
  }

  /**
   * Counts one more. Returns how long to wait, in milliseconds, when it is one too many; 0 when not.
   *
   * @param limit how many there may be in a window.
   * @param now milliseconds since the epoch.
   */
  count(key: string, limit: number, now: number): number {
    const window = Math.floor(now / this.#windowMs);
    if (window !== this.#window) {
      this.#counts.clear();
      this.#window = window;
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > limit) return (window + 1) * this.#windowMs - now;
    // To the end of the row: the one that goes first is the one not heard of for the longest.
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > KEYS) this.#forgetOldest();
    return 0;
  }

  #forgetOldest(): void {
    for (const [key] of this.#counts) {
      this.#counts.delete(key);
      return;
    }
  }
}
