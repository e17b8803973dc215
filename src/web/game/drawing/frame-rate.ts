const SECOND_MS = 1_000;

/** How many frames were drawn in the last whole second. */
export class FrameRate {
  #since: number | undefined;
  #last = 0;
  #frames = 0;

  /**
   * One more frame was drawn.
   *
   * @returns frames a second, once a second; of a time in which the page was not shown, nothing.
   */
  drawn(now: number): number | undefined {
    const wasAway = now - this.#last > SECOND_MS;
    this.#last = now;
    if (this.#since === undefined || wasAway) return this.#begin(now);
    const passedMs = now - this.#since;
    this.#frames += 1;
    if (passedMs < SECOND_MS) return undefined;
    const rate = Math.round((this.#frames * SECOND_MS) / passedMs);
    this.#begin(now);
    return rate;
  }

  #begin(now: number): undefined {
    this.#since = now;
    this.#frames = 0;
  }
}
