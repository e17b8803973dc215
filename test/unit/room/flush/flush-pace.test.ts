import { describe, expect, it } from "vitest";
import { flushDelayMs, gapOf } from "../../../../src/room/flush/flush-pace.ts";

const T0 = Date.UTC(2026, 0, 1);

describe("the pace of flushes", () => {
  it("is at once after quiet, and then a gap that grows with the readers to a bound", () => {
    const gapMs = gapOf(100, 0, 50);
    expect(flushDelayMs(gapMs, Number.NEGATIVE_INFINITY, T0)).toBe(0);
    expect(flushDelayMs(gapMs, T0, T0)).toBe(6);
    expect(flushDelayMs(gapMs, T0, T0 + 4)).toBe(2);
    expect(flushDelayMs(gapMs, T0, T0 + 6)).toBe(0);
    expect(gapOf(10_000, 0, 50)).toBe(50);
    expect(gapOf(10_000, 0, 0)).toBe(0);
  });

  it("has a gap that a room's kind wants, whoever reads, and a longer one for a crowd", () => {
    expect([gapOf(2, 10, 75), gapOf(500, 10, 75), gapOf(2, 10, 0)]).toEqual([10, 30, 10]);
  });

  it("waits no longer than the gap when the clock jumps back", () => {
    expect(flushDelayMs(gapOf(100, 0, 50), T0, T0 - 3_600_000)).toBe(6);
  });
});
