import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { DedupeWindow } from "../../../src/room/dedupe-window.ts";

const T0 = Date.UTC(2026, 0, 1);

describe("the dedupe window", () => {
  const accepted = (seq: number, userId: string, messageId: string, at = T0) => ({
    seq,
    userId,
    messageId,
    at,
  });

  it("remembers for five minutes, not a millisecond more", () => {
    const dedupe = new DedupeWindow();
    dedupe.remember(accepted(1, "ada", "m"));
    expect(dedupe.savedId("ada", "m", T0 + BOUNDS.dedupeWindowMs - 1)).toBe(1);
    expect(dedupe.savedId("ada", "m", T0 + BOUNDS.dedupeWindowMs)).toBeUndefined();
    dedupe.expire(T0 + BOUNDS.dedupeWindowMs - 1);
    expect(dedupe.savedId("ada", "m", T0)).toBe(1);
    dedupe.expire(T0 + BOUNDS.dedupeWindowMs);
    expect(dedupe.savedId("ada", "m", T0)).toBeUndefined();
  });

  it("tells two pairs apart that read the same when joined", () => {
    const dedupe = new DedupeWindow();
    dedupe.remember(accepted(1, "a", "bc"));
    dedupe.remember(accepted(2, "1:a", "bc"));
    expect(dedupe.savedId("ab", "c", T0)).toBeUndefined();
    expect(dedupe.savedId("a", "bc", T0)).toBe(1);
  });

  it("forgets what a failed transaction accepted, and nothing before it", () => {
    const dedupe = new DedupeWindow();
    for (const seq of [1, 2, 3]) dedupe.remember(accepted(seq, "ada", `m${seq}`));
    dedupe.forgetAfter(1);
    expect(["m1", "m2", "m3"].map((id) => dedupe.savedId("ada", id, T0))).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });
});
