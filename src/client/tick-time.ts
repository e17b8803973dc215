import { Follower } from "./follower.ts";
import { LeastLately } from "./least-lately.ts";

/** What is drawn is at least so many ticks old, and at most as many or so many milliseconds. */
const DELAY_TICKS = 1.2;
const DELAY_TICKS_MAX = 3;
const DELAY_MAX_MS = 150;
/** Ticks that only the server's clock has left out, and none that came in, are that clock being set. */
const CLOCK_SET_MS = 1_000;

/**
 * Which tick it is, by this end's clock. The server's clock and ours need not agree: all that is known of
 * it is when its ticks came in, and how far apart it has made them. Every `now` is milliseconds by a
 * clock that only goes up.
 */
export class TickTime {
  readonly #periodMs: number;
  /** When tick 0 would have come in, had it been as quick as the quickest. */
  readonly #arrival = new LeastLately();
  readonly #arrivalNow = new Follower();
  readonly #delay = new Follower();
  /** When tick 0 was by the server's own clock: ticks that it leaves out put it off. */
  readonly #begin = new LeastLately();
  readonly #skippedNow = new Follower();
  /** Both as they were when nothing had been left out. */
  #firstArrival: number | undefined;
  #firstBegin = 0;
  #skippedMs = 0;

  constructor(tickHz: number) {
    this.#periodMs = 1_000 / tickHz;
  }

  /**
   * The state after a tick came in.
   *
   * @param madeAt when that was made, by the server's clock.
   */
  told(tick: number, madeAt: number, now: number): void {
    const sinceBegin = tick * this.#periodMs;
    this.#arrival.add(now - sinceBegin, now);
    this.#arrivalNow.follow(this.#arrival.least, now);
    const most = Math.max(DELAY_TICKS_MAX * this.#periodMs, DELAY_MAX_MS);
    const wanted = this.#periodMs + this.#arrival.spread;
    this.#delay.follow(Math.min(most, Math.max(DELAY_TICKS * this.#periodMs, wanted)), now);
    this.#begin.add(madeAt - sinceBegin, now);
    this.#count(now);
  }

  /** The newest tick of which the state can have come in, with a fraction. */
  newestAt(now: number): number {
    return (now - this.#arrivalNow.at(now)) / this.#periodMs;
  }

  /** The tick of which the state is to be drawn, with a fraction: one that most probably has come in. */
  shownAt(now: number): number {
    return this.newestAt(now) - this.#delay.at(now) / this.#periodMs;
  }

  /** How many ticks the server has had time for, with a fraction; counted from anywhere. */
  countAt(now: number): number {
    return (now - this.#skippedNow.at(now)) / this.#periodMs;
  }

  #count(now: number): void {
    const { least } = this.#begin;
    if (this.#firstArrival === undefined) this.#restart();
    const skippedMs = least - this.#firstBegin;
    const lateMs = this.#arrival.least - (this.#firstArrival ?? 0);
    if (Math.abs(lateMs - skippedMs) > CLOCK_SET_MS) this.#restart();
    else this.#skippedMs = skippedMs;
    this.#skippedNow.follow(this.#skippedMs, now);
  }

  #restart(): void {
    this.#firstBegin = this.#begin.least - this.#skippedMs;
    this.#firstArrival = this.#arrival.least - this.#skippedMs;
  }
}
