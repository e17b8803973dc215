import { beforeEach, describe, expect, it } from "vitest";
import type { TurnTaker } from "../../../../src/objects/host/guest.ts";
import { Turns } from "../../../../src/objects/host/turns.ts";

const T0 = Date.UTC(2026, 0, 1);

/** A guest that wants to be woken, and what its turns did for it. */
class Scene {
  now = T0;
  delayMs = 20;
  hasWork = false;
  isOver = false;
  ended = 0;
  noted = 0;
  alarm: number | null = null;
  #timer: (() => void) | undefined;
  readonly #guest: TurnTaker;
  readonly turns = new Turns({
    now: () => this.now,
    after: (_, run) => {
      this.#timer = run;
    },
    alarm: {
      getAlarm: async () => this.alarm,
      setAlarm: async (at) => {
        this.alarm = at;
      },
    },
    written: async () => {},
    keepAwake: () => {},
    first: () => {},
  });

  constructor() {
    const scene = this;
    this.#guest = {
      closed: undefined,
      reports: { note: () => (this.noted += 1), dueAt: undefined, run: async () => {} },
      inherit() {},
      isTelling: false,
      wakeAt: T0 + 60_000,
      wake() {},
      get hasWork() {
        return scene.hasWork;
      },
      flushDelayMs: () => this.delayMs,
      flush: () => {
        this.hasWork = false;
      },
      isOver: () => this.isOver,
      end: async () => {
        this.ended += 1;
      },
    };
    this.turns.open(() => this.#guest);
  }

  /** A frame that leaves work to be flushed, or none. */
  frame(hasWork: boolean): void {
    this.turns.briefTurn(() => {
      this.hasWork = hasWork;
    });
  }

  runTimer(): void {
    this.#timer?.();
  }
}

describe("what follows a turn", () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });

  it("follows a frame at once when no flush is due", () => {
    scene.frame(false);
    expect(scene).toMatchObject({ alarm: T0 + 60_000, noted: 1 });
  });

  it("follows the flush that a frame makes due, once for all frames before it", () => {
    for (let frame = 0; frame < 5; frame++) scene.frame(true);
    expect(scene).toMatchObject({ alarm: null, noted: 0 });
    scene.runTimer();
    expect(scene).toMatchObject({ alarm: T0 + 60_000, noted: 1, hasWork: false });
  });

  it("does not wait for a flush that is long to come", () => {
    scene.delayMs = 1_000;
    scene.frame(true);
    expect(scene).toMatchObject({ alarm: T0 + 60_000, noted: 1 });
  });

  it("ends who is over after the flush", () => {
    scene.isOver = true;
    scene.frame(true);
    expect(scene.ended).toBe(0);
    scene.runTimer();
    expect(scene.ended).toBe(1);
  });
});
