import type { Environment } from "../../../client/environment.ts";

/** What a lane needs of the platform. */
export interface LaneClock extends Pick<Environment, "after"> {
  /** Milliseconds of a clock that only goes on. */
  now(): number;
}

/** One way along a line: what goes in comes out later, in the same order. */
export class Lane {
  readonly #clock: LaneClock;
  readonly #delayMs: () => number;
  readonly #underway: { readonly dueAt: number; readonly arrive: () => void }[] = [];
  #isWaiting = false;

  /** @param delayMs how long the way is for what begins it now. */
  constructor(clock: LaneClock, delayMs: () => number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** Has something arrive at the other end. */
  carry(arrive: () => void): void {
    const delayMs = this.#delayMs();
    if (!this.#isWaiting && delayMs === 0) {
      arrive();
      return;
    }
    // What sets out on a way that has become shorter does not overtake.
    const before = this.#underway.at(-1)?.dueAt ?? 0;
    this.#underway.push({ dueAt: Math.max(before, this.#clock.now() + delayMs), arrive });
    if (!this.#isWaiting) this.#wait();
  }

  #wait(): void {
    const [next] = this.#underway;
    this.#isWaiting = next !== undefined;
    if (next === undefined) return;
    this.#clock.after(Math.max(0, next.dueAt - this.#clock.now()), () => this.#arrived());
  }

  #arrived(): void {
    // Timers may be early by less than a millisecond.
    const until = this.#clock.now() + 1;
    try {
      while ((this.#underway[0]?.dueAt ?? until) < until) this.#underway.shift()?.arrive();
    } finally {
      this.#wait();
    }
  }
}
