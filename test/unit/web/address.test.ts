import { describe, expect, it } from "vitest";
import { pathOfRoom, roomOfPath } from "../../../src/web/chat/room-path.ts";
import { identityOfToken } from "../../../src/web/identity/identity.ts";

describe("rooms by path", () => {
  it.each([
    ["/", "lobby"],
    ["/rooms/garden", "garden"],
    ["/rooms/garden/", "garden"],
    ["/rooms/a.b_c~d-e", "a.b_c~d-e"],
    ["/rooms/user%3Aann", undefined],
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
  });
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
