import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { Receipts } from "../../../../src/room/store/receipts.ts";

describe("receipts", () => {
  it("only move up, and wait to be written until they are", () => {
    const receipts = new Receipts(new Map([["ada", 5]]));
    receipts.advance("ada", 4);
    receipts.advance("ada", 5);
    expect(receipts.hasUnsaved).toBe(false);
    receipts.advance("ada", 6);
    receipts.advance("ada", 7);
    expect([...receipts.unsaved]).toEqual([["ada", 7]]);
    receipts.saved();
    expect(receipts.hasUnsaved).toBe(false);
    expect(receipts.upTo("ada")).toBe(7);
    expect(receipts.upTo("ben")).toBe(0);
  });

  it("show who joins the furthest of very many", () => {
    const many = Array.from(
      { length: BOUNDS.readsOnJoin + 1 },
      (_, i) => [`u${i}`, i + 1] as const,
    );
    const shown = new Receipts(new Map(many)).snapshot();
    expect(Object.keys(shown)).toHaveLength(BOUNDS.readsOnJoin);
    expect(shown).not.toHaveProperty("u0");
    expect(shown["u1000"]).toBe(1_001);
  });
});
