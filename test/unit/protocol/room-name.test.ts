import { describe, expect, it } from "vitest";
import { parseRoomName } from "../../../src/protocol/parse-room-name.ts";

describe("room names", () => {
  it.each([
    ["general", "chat"],
    ["user:ada", "inbox"],
    ["topic:cpu", "topic"],
    ["document:x", "document"],
    ["game:1", "game"],
    ["team:user:1", "chat"],
    [":user", "chat"],
    ["__proto__:x", "chat"],
  ])("%s is a %s", (name, kind) => {
    expect(parseRoomName(name).kind).toBe(kind);
  });

  it.each(["", "a/b", "a b", "é", ".", "..", "x".repeat(129)])("refuses %j", (name) => {
    expect(() => parseRoomName(name)).toThrow(/^(A room name|An inbox) is/);
  });
});

it("names an inbox after any user id, and nothing else so freely (P1.4)", () => {
  expect(parseRoomName("user:auth0|5f 7c")).toEqual({ name: "user:auth0|5f 7c", kind: "inbox" });
  for (const name of [
    "user:",
    "user:..",
    "user: ",
    "user:__proto__",
    `user:${"x".repeat(129)}`,
    "topic:a b",
  ]) {
    expect(() => parseRoomName(name), name).toThrow(/^(A room name|An inbox) is/);
  }
});
