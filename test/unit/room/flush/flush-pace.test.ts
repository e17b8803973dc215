import { describe, expect, it } from "vitest";
import { flushDelayMs } from "../../../../src/room/flush/flush-pace.ts";

const T0 = Date.UTC(2026, 0, 1);

describe("the pace of flushes", () => {
  it("is at once after quiet, and then a gap that grows with the readers to a bound", () => {
    expect(flushDelayMs(100, Number.NEGATIVE_INFINITY, 50, T0)).toBe(0);
    expect(flushDelayMs(100, T0, 50, T0)).toBe(6);
    expect(flushDelayMs(100, T0, 50, T0 + 4)).toBe(2);
    expect(flushDelayMs(100, T0, 50, T0 + 6)).toBe(0);
    expect(flushDelayMs(10_000, T0, 50, T0)).toBe(50);
    expect(flushDelayMs(10_000, T0, 0, T0)).toBe(0);
  });

  it("waits no longer than the gap when the clock jumps back", () => {
    expect(flushDelayMs(100, T0, 50, T0 - 3_600_000)).toBe(6);
  });
});
