import { describe, expect, it } from "vitest";
import { pathOfRoom, ROOM_PATTERN, roomOfPath } from "../../../src/web/chat/room-path.ts";
import { identityOfToken } from "../../../src/web/identity/identity.ts";

describe("rooms by path", () => {
  it.each([
    ["/", "lobby"],
    ["/rooms/garden", "garden"],
    ["/rooms/garden/", "garden"],
    ["/rooms/a.b_c~d-e", "a.b_c~d-e"],
    ["/rooms/team:x", "team:x"],
    ["/rooms/team%3Ax:y", "team:x:y"],
    ["/rooms/users:x", "users:x"],
    ["/rooms/user%3Aann", undefined],
    ["/rooms/topic:metrics", undefined],
    ["/rooms/document:notes", undefined],
    ["/rooms/game:pong", undefined],
    ["/rooms/no%20space", undefined],
    ["/rooms/%E0%A4%A", undefined],
    ["/rooms/", undefined],
    ["/elsewhere", undefined],
    [`/rooms/${"x".repeat(129)}`, undefined],
  ])("reads %s as %s", (path, room) => {
    expect(roomOfPath(path)).toBe(room);
  });

  it("writes the path that it reads", () => {
    expect(roomOfPath(pathOfRoom("a~b.c"))).toBe("a~b.c");
    expect(pathOfRoom("team:x")).toBe("/rooms/team:x");
  });

  it.each(["team:x", "a-b", "user:ann", "game:", "users:x", "no space", "x".repeat(129)])(
    "takes %s in the field exactly if its path names a room",
    (name) => {
      const pattern = new RegExp(`^(?:${ROOM_PATTERN})$`, "v");
      expect(pattern.test(name)).toBe(roomOfPath(pathOfRoom(name)) !== undefined);
    },
  );
});

describe("a pasted token", () => {
  const token = (claims: unknown) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

  it("tells who it is for and until when", () => {
    expect(identityOfToken(token({ sub: "u1", name: "葵 ÿ>?", exp: 10 }))).toMatchObject({
      userId: "u1",
      name: "葵 ÿ>?",
      expiresAtMs: 10_000,
      guest: false,
    });
  });

  it("is refused without a subject or an end, or when it cannot be read", () => {
    expect(identityOfToken(token({ sub: "u1" }))).toBeUndefined();
    expect(identityOfToken(token({ exp: 10 }))).toBeUndefined();
    expect(identityOfToken("a.b.c")).toBeUndefined();
    expect(identityOfToken("")).toBeUndefined();
  });
});
