import { describe, expect, it } from "vitest";
import { Backlog } from "../../../src/edge/gateways/backlog.ts";
import { encodeMsgpack } from "../../../src/protocol/msgpack.ts";

const frame = { type: "mark", timestamp: "2026-01-01T00:00:00.000Z", payload: { id: "m-1" } };
const text = (length: number) => "x".repeat(length);
const bytes = (value: object) => encodeMsgpack(value).slice().buffer;

describe("what a client of many rooms has yet to read", () => {
  it.each([
    ["text", JSON.stringify(frame)],
    ["MessagePack", bytes(frame)],
  ])("is all that came behind a mark that it answered, of whichever room (%s)", (_, mark) => {
    const backlog = new Backlog(true);
    backlog.send("a", text(1_000));
    backlog.send("b", mark);
    backlog.send("a", text(300));
    expect(backlog.units).toBeGreaterThan(1_300);
    expect(backlog.answered("b")).toBe(true);
    expect(backlog.units).toBe(300);
  });

  it("takes no other frame for a mark, and no answer that nobody waits for", () => {
    const backlog = new Backlog(true);
    backlog.send("a", JSON.stringify({ type: "marked" }).replace("marked", "new_message"));
    backlog.send("a", bytes({ type: "new_message" }));
    backlog.send("a", bytes({}));
    const before = backlog.units;
    backlog.heard();
    expect(backlog.answered("a")).toBe(false);
    expect(backlog.units).toBe(before);
  });

  it("forgets the marks of a room that is left", () => {
    const backlog = new Backlog(true);
    backlog.send("a", JSON.stringify(frame));
    backlog.left("a");
    expect(backlog.answered("a")).toBe(false);
  });

  it("is nothing of a client that knows no marks, once it says anything", () => {
    const backlog = new Backlog(false);
    backlog.send("a", text(1_000));
    backlog.heard();
    expect(backlog.units).toBe(0);
  });
});
