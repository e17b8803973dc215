/** How fast it follows, as a share of the time that passes: what is drawn by it still goes on. */
const RATE = 0.06;
/** Of what is far off, faster; and of what is farther it takes the value at once. Milliseconds. */
const FAR_MS = 50;
const FAR_RATE = 0.25;
const JUMP_MS = 250;

/** A number of milliseconds that follows another one smoothly. */
export class Follower {
  #target: number | undefined;
  #from = 0;
  #since = 0;

  /** From now on it follows this. */
  follow(target: number, now: number): void {
    const value = this.#target === undefined ? target : this.at(now);
    this.#from = Math.abs(target - value) > JUMP_MS ? target : value;
    this.#since = now;
    this.#target = target;
  }

  at(now: number): number {
    const off = (this.#target ?? 0) - this.#from;
    const rate = Math.abs(off) > FAR_MS ? FAR_RATE : RATE;
    const most = Math.max(0, now - this.#since) * rate;
    return this.#from + Math.max(-most, Math.min(most, off));
  }
}
