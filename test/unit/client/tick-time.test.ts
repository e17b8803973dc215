import { describe, expect, it } from "vitest";
import { TickTime } from "../../../src/client/tick-time.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);

/** Ticks that are told over a line. */
class Line {
  readonly time: TickTime;
  /** The least that a tick is on its way, and what is added to that by chance, in milliseconds. */
  latencyMs = 80;
  jitterMs: number;
  now = 12_345;
  readonly #periodMs: number;
  readonly #random: () => number;
  /** What the server's clock is off by, which nobody knows. */
  readonly #offMs = 987_654;
  #madeAt = 12_345;
  tick = 700;

  constructor(tickHz: number, jitterMs: number, random: () => number) {
    this.time = new TickTime(tickHz);
    this.#periodMs = 1_000 / tickHz;
    this.jitterMs = jitterMs;
    this.#random = random;
  }

  /** Ticks are made and told for so long. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += this.#periodMs) {
      this.tick += 1;
      this.#madeAt += this.#periodMs;
      const arrivesAt = this.#madeAt + this.latencyMs + this.#random() * this.jitterMs;
      this.now = Math.max(this.now, arrivesAt);
      this.time.told(this.tick, this.#madeAt + this.#offMs, this.now);
    }
  }

  /** So many ticks are left out. */
  skip(ticks: number): void {
    this.#madeAt += ticks * this.#periodMs;
  }

  /** What is wrong with what is known of the newest tick, in milliseconds. */
  get offMs(): number {
    const newest = this.tick + (this.now - this.latencyMs - this.#madeAt) / this.#periodMs;
    return (this.time.newestAt(this.now) - newest) * this.#periodMs;
  }
}

describe.each([
  [20, 0],
  [60, 0],
  [60, 10],
  [30, 10],
])("at %i ticks a second, told with up to %i ms of jitter", (tickHz, jitterMs) => {
  it("knows after a second which tick is the newest that can have come, to 2 ms", () => {
    for (const seed of SEEDS) {
      const line = new Line(tickHz, jitterMs, seededRandom(seed));
      line.pass(1_000);
      expect(Math.abs(line.offMs), `seed ${seed}`).toBeLessThan(2);
    }
  });

  it.each([100, -60])("follows a line that takes %i ms longer, and never goes back", (moreMs) => {
    for (const seed of SEEDS) {
      const line = new Line(tickHz, jitterMs, seededRandom(seed));
      line.pass(2_000);
      line.latencyMs += moreMs;
      let before = line.time.shownAt(line.now);
      for (let passed = 0; passed < 3_000; passed += 1_000 / tickHz) {
        line.pass(1_000 / tickHz);
        const shown = line.time.shownAt(line.now);
        expect(shown, `seed ${seed}`).toBeGreaterThanOrEqual(before);
        before = shown;
      }
      expect(Math.abs(line.offMs), `seed ${seed}`).toBeLessThan(4);
    }
  });

  it("shows what is a tick and a little old, or what the jitter makes it", () => {
    for (const seed of SEEDS) {
      const line = new Line(tickHz, jitterMs, seededRandom(seed));
      line.pass(4_000);
      const delayMs =
        ((line.time.newestAt(line.now) - line.time.shownAt(line.now)) * 1_000) / tickHz;
      const periodMs = 1_000 / tickHz;
      expect(delayMs).toBeGreaterThan(periodMs * 1.2 - 1e-6);
      expect(delayMs).toBeLessThan(Math.max(periodMs * 1.2, periodMs + jitterMs) + 1e-6);
    }
  });

  it("does not count ticks that were left out, nor takes a clock that is set for that", () => {
    const line = new Line(tickHz, jitterMs, seededRandom(1));
    line.pass(2_000);
    const counted = () => line.time.countAt(line.now) - line.tick;
    const before = counted();
    line.skip(8);
    line.pass(3_000);
    expect(Math.abs(counted() - before)).toBeLessThan(1);
  });
});
