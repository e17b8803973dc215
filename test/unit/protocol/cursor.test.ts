import { describe, expect, it } from "vitest";
import { cursorOf, eventId, parseEventId } from "../../../src/protocol/cursor.ts";

describe("a cursor as an event id", () => {
  it("comes back as it went", () => {
    const cursor = { epoch: "0f0c:with:colons", seq: 42 };
    expect(parseEventId(eventId(cursor))).toEqual(cursor);
  });

  it.each([
    "",
    "7",
    ":7",
    "epoch:",
    "epoch:-1",
    "epoch:1.5",
    "epoch:9999999999999999",
    `${"e".repeat(65)}:1`,
  ])("of %j belongs to no log", (id) => {
    expect(parseEventId(id)).toEqual({ epoch: "", seq: 0 });
  });
});

describe("a cursor in a query", () => {
  it.each([
    [undefined, undefined, undefined],
    [undefined, "e", undefined],
    [0, "e", { seq: 0, epoch: "e" }],
    [5, undefined, { seq: 5, epoch: "" }],
  ])("since %j and epoch %j", (since, epoch, cursor) => {
    expect(cursorOf(since, epoch)).toEqual(cursor);
  });
});
