import { describe, expect, it } from "vitest";
import { pathOfRoom, ROOM_PATTERN, roomOfPath } from "../../../src/web/chat/room-path.ts";
import { identityOfToken, tokenIn } from "../../../src/web/identity/identity.ts";

function token(claims: unknown): string {
  const [head, body] = [{ alg: "HS256" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return `${head}.${body}.signature`;
}

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

describe("what is pasted as a token", () => {
  const pasted = token({ sub: "u1", exp: 10 });
  it.each([
    ["itself", pasted],
    ["the answer that holds it", `{"token":"${pasted}","expiresAt":"2026-01-01T00:00:00.000Z"}`],
    ["a part of the answer", `"token":"${pasted}",`],
    ["a header's value", `Bearer ${pasted}`],
    ["in quotes", `"${pasted}"`],
    ["over two lines of a terminal", `${pasted.slice(0, 20)}\n${pasted.slice(20)} `],
  ])("is found: %s", (_, text) => {
    expect(tokenIn(text)).toBe(pasted);
  });

  it("is itself when no token is in it", () => {
    expect(tokenIn("an API key")).toBe("an API key");
  });
});
