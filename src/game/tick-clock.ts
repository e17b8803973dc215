import { GAME_BOUNDS } from "../protocol/game-limits.ts";

/**
 * When ticks are due. It counts from one beginning, so that what a timer is late by is made up and
 * does not add up; what was missed beyond {@link GAME_BOUNDS.ticksAtOnce} is left out. Every `now` is
 * milliseconds since the epoch.
 */
export class TickClock {
  readonly #periodMs: number;
  /** When the tick before the first would have been. */
  #beganAt = 0;
  #made = 0;
  #isRunning = false;
  /** Ticks that were left out. */
  skipped = 0;

  /** @param tickHz ticks a second. */
  constructor(tickHz: number) {
    this.#periodMs = 1_000 / tickHz;
  }

  /** When the next tick is due; `undefined` while it stands. */
  get dueAt(): number | undefined {
    return this.#isRunning ? this.#at(this.#made + 1) : undefined;
  }

  /** Goes on from now, if it stands. */
  start(now: number): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#begin(now);
  }

  stop(): void {
    this.#isRunning = false;
  }

  /** How many ticks are to be made now. */
  take(now: number): number {
    if (!this.#isRunning) return 0;
    // Set back, the clock would have the game stand for as long.
    if (now < this.#at(this.#made)) this.#begin(now);
    const due = Math.floor((now - this.#beganAt) / this.#periodMs + EPSILON) - this.#made;
    const taken = Math.min(due, GAME_BOUNDS.ticksAtOnce);
    this.#made += taken;
    if (taken === due) return taken;
    this.skipped += due - taken;
    this.#begin(now);
    return taken;
  }

  #begin(now: number): void {
    this.#beganAt = now;
    this.#made = 0;
  }

  #at(tick: number): number {
    return this.#beganAt + tick * this.#periodMs;
  }
}

/** A tick that is due at this very millisecond is, whatever is lost in dividing. */
const EPSILON = 1e-6;
