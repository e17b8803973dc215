import { describe, expect, it } from "vitest";
import { isOwnEcho } from "../../../src/client/own-echo.ts";

const event = (origin?: string) => ({
  type: "event" as const,
  timestamp: "t",
  ...(origin === undefined ? {} : { origin }),
  payload: { event: "cursor", data: 1, userId: "ada" },
});
const typing = (userId: string) => ({
  type: "user_typing" as const,
  timestamp: "t",
  payload: { userId, name: "N", typing: true },
});

describe("what a connection caused itself", () => {
  const joined = { userId: "ada", origin: "mine" };

  it("is an event of its own origin, and typing of its user; not another tab's event", () => {
    const frames = [event("mine"), event("theirs"), event(), typing("ada"), typing("ben")];
    expect(frames.map((frame) => isOwnEcho(frame, joined))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it("is nothing where the server never told an origin: it sends no echo then", () => {
    expect(isOwnEcho(event("mine"), { userId: "ada" })).toBe(false);
    expect(isOwnEcho(typing("ada"), undefined)).toBe(false);
  });
});
