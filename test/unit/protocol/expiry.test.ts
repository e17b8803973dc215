import { expect, it } from "vitest";
import { Expiry } from "../../../src/protocol/expiry.ts";

const LONGEST_MS = 2 ** 31 - 1;

/** A platform that, as they all do, runs at once what is set for longer than its timers count. */
class Clock {
  now = 1_000;
  waits: number[] = [];
  #timer: { at: number; act: () => void } | undefined;

  readonly ports = {
    now: () => this.now,
    after: (ms: number, act: () => void) => {
      this.waits.push(ms);
      const timer = { at: this.now + (ms > LONGEST_MS ? 0 : ms), act };
      this.#timer = timer;
      return () => {
        if (this.#timer === timer) this.#timer = undefined;
      };
    },
  };

  to(at: number): void {
    while (this.#timer !== undefined && this.#timer.at <= at) {
      const { at: due, act } = this.#timer;
      this.#timer = undefined;
      this.now = due;
      act();
    }
    this.now = at;
  }
}

it("acts at a time years from now, and not before", () => {
  const clock = new Clock();
  let acted = 0;
  const end = clock.now + 5 * 365 * 86_400_000;
  new Expiry(clock.ports, () => acted++).set(end);
  clock.to(end - 1);
  expect(acted).toBe(0);
  clock.to(end);
  expect(acted).toBe(1);
  expect(Math.max(...clock.waits)).toBe(LONGEST_MS);
});

it("acts by the newest time alone, and never once it is stopped", () => {
  const clock = new Clock();
  let acted = 0;
  const expiry = new Expiry(clock.ports, () => acted++);
  expiry.set(clock.now + 100);
  expiry.set(clock.now + 1_000);
  clock.to(1_500);
  expect(acted).toBe(0);
  expiry.stop();
  clock.to(10_000);
  expect(acted).toBe(0);
});
