import { describe, expect, it } from "vitest";
import { FlushTimer } from "../../../../src/objects/host/flush-timer.ts";

const T0 = Date.UTC(2026, 0, 1);

/** A timer on a clock of its own, with what it did. */
class Scene {
  now = T0;
  readonly ranAt: number[] = [];
  /** Timers that the platform was asked for. */
  started = 0;
  readonly #pending: { readonly at: number; readonly run: () => void }[] = [];
  readonly timer = new FlushTimer(
    (delayMs, run) => {
      this.started += 1;
      this.#pending.push({ at: this.now + delayMs, run });
    },
    () => this.ranAt.push(this.now - T0),
  );

  pass(ms: number): void {
    const until = this.now + ms;
    const due = this.#pending.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    for (const one of due) {
      this.#pending.splice(this.#pending.indexOf(one), 1);
      this.now = one.at;
      one.run();
    }
    this.now = until;
  }
}

describe("the timer of a flush", () => {
  it("runs it once, by the earliest time that it was due", () => {
    const scene = new Scene();
    for (const delayMs of [100, 50, 80]) scene.timer.start(delayMs, scene.now);
    scene.pass(1_000);
    expect(scene.ranAt).toEqual([50]);
  });

  it("holds one timer for what many flushes before it put off, and then runs it", () => {
    const scene = new Scene();
    const restAt = T0 + 1_000;
    for (let flush = 0; flush < 10; flush++) {
      scene.timer.start(restAt - scene.now, scene.now);
      scene.timer.start(50, scene.now);
      scene.pass(60);
    }
    scene.timer.start(restAt - scene.now, scene.now);
    expect(scene.started).toBe(11);
    scene.pass(1_000);
    expect(scene.ranAt.length).toBe(11);
    expect(scene.ranAt.at(-1)).toBe(1_000);
  });
});
