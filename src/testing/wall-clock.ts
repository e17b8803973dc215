/** A clock on somebody's wall: it shows true time, but for what it was set wrong by. */
export class WallClock {
  readonly #trueNow: () => number;
  readonly #listeners: (() => void)[] = [];
  #skewMs = 0;

  /** @param trueNow milliseconds since the epoch. */
  constructor(trueNow: () => number) {
    this.#trueNow = trueNow;
  }

  readonly now = (): number => this.#trueNow() + this.#skewMs;

  /** How far it is ahead of true time, in milliseconds; below 0 it is behind. */
  get skewMs(): number {
    return this.#skewMs;
  }

  /** Sets it. */
  set skewMs(skewMs: number) {
    this.#skewMs = skewMs;
    for (const listener of this.#listeners) listener();
  }

  /** Tells somebody whenever it is set. */
  onSet(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
