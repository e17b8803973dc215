import { settled, type VirtualClock } from "./virtual-clock.ts";

/** Time that passes before whoever waits is told that nothing comes of it, in milliseconds. */
const PATIENCE_MS = 3_600_000;
/** Real time that code outside of the rooms may take before time goes on without it, in milliseconds. */
const OUTSIDE_MS = 1_000;

/** Something that time is passed for. */
interface Goal {
  readonly isReached: () => boolean;
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Lets a clock that stands still go on for as long as somebody waits for something, and no longer: from
 * one thing that is due to the next. All that is due at a moment is done before it is asked whether that
 * was enough, so one run is like the other.
 */
export class Pump {
  readonly #clock: VirtualClock;
  readonly #goals = new Set<Goal>();
  /** What goes on outside of the rooms and their clock, such as a request of a rule. */
  readonly #outside = new Set<Promise<void>>();
  #isRunning = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** How much goes on outside. */
  get outside(): number {
    return this.#outside.size;
  }

  /** Time waits for this, as it goes on outside of the rooms. */
  async waitFor<T>(work: Promise<T>): Promise<T> {
    const ended = work.then(
      () => {},
      () => {},
    );
    this.#outside.add(ended);
    try {
      return await work;
    } finally {
      this.#outside.delete(ended);
    }
  }

  /** Does all that is due at this moment. */
  settle(): Promise<void> {
    return this.pass(() => true);
  }

  /** Lets so many milliseconds pass. */
  advance(ms: number): Promise<void> {
    let isOver = false;
    this.#clock.after(ms, () => {
      isOver = true;
    });
    return this.pass(() => isOver, ms);
  }

  /** Passes time until work is done, or in vain. */
  passFor(work: Promise<unknown>, isInVain: () => boolean): Promise<void> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    return this.pass(() => isDone || isInVain());
  }

  /**
   * Passes time until something holds.
   *
   * @throws {Error} (as a rejection) when it never does.
   */
  pass(isReached: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#goals.add({ isReached, until: this.#clock.now() + patienceMs, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Whoever begins several things at once has begun them all.
    await settled();
    while (this.#goals.size > 0) {
      if (await this.#clock.step(this.#clock.now())) continue;
      if (this.#reach()) {
        // What follows for whoever waited is of this moment too.
        await settled();
      } else if (this.#outside.size > 0) {
        await this.#hearOutside();
      } else {
        const { nextAt = Number.POSITIVE_INFINITY } = this.#clock;
        this.#giveUp(({ until }) => until < nextAt);
        if (this.#goals.size > 0) await this.#clock.step(nextAt);
      }
    }
    this.#isRunning = false;
  }

  /** Tells those whose goal is reached; whether there were any. */
  #reach(): boolean {
    const reached = [...this.#goals].filter(({ isReached }) => isReached());
    for (const goal of reached) {
      this.#goals.delete(goal);
      goal.resolve();
    }
    return reached.length > 0;
  }

  #giveUp(isHopeless: (goal: Goal) => boolean): void {
    for (const goal of [...this.#goals].filter(isHopeless)) {
      this.#goals.delete(goal);
      goal.reject(new Error("Nothing comes of what is waited for, however much time passes."));
    }
  }

  /** Waits until something is heard from outside; what takes too long is waited for no more. */
  async #hearOutside(): Promise<void> {
    const heard = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#outside.clear();
      heard.resolve();
    }, OUTSIDE_MS);
    this.#clock.scheduled = heard.resolve;
    await Promise.race([heard.promise, ...this.#outside]);
    this.#clock.scheduled = undefined;
    clearTimeout(timer);
  }
}
