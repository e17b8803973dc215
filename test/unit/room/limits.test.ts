import { describe, expect, it } from "vitest";
import type { Session } from "../../../src/room/connections/connection.ts";
import { RoomScene, T0 } from "./support/scene.ts";

const HOUR = 3_600_000;
const LONG = { expiresAt: T0 + 100 * HOUR };

function visitor(userId: string, rest: Partial<Session> = {}): Session {
  return {
    userId,
    name: userId,
    permissions: ["read"],
    wire: "json",
    transport: "websocket",
    address: "office",
    connectedAt: T0,
    ...LONG,
    ...rest,
  };
}

describe("connections of one user", () => {
  it("are ten: the longest-silent one gives way to one more, with 4408, and the person stays (P9.6)", () => {
    const scene = new RoomScene("general");
    scene.join("ben");
    for (let i = 0; i < 10; i++) scene.join(`ada-${i}`, { userId: "ada" }, undefined, T0 + i);
    scene.sockets.pings.set("ada-0", T0 + 1_000);
    scene.hear("ada-1", { type: "typing_end" }, T0 + 1_000);
    expect(scene.room.refuses(visitor("ada"), T0 + 2_000)).toBeUndefined();
    scene.join("ada-10", { userId: "ada" }, undefined, T0 + 2_000);
    expect(scene.sockets.closes).toEqual(new Map([["ada-2", 4408]]));
    expect(scene.sockets.of("ben").some(({ type }) => type === "user_left")).toBe(false);
  });

  it("are told that another place took theirs before they are closed, even if they are still catching up", () => {
    const scene = new RoomScene("general");
    for (let i = 0; i <= 10; i++) scene.join(`ada-${i}`, { userId: "ada" }, undefined, T0 + i);
    expect(scene.sockets.of("ada-0").at(-1)).toMatchObject({
      type: "error",
      payload: { code: "too_many_connections", retryable: true, retryAfterMs: 30_000 },
    });
    expect(scene.sockets.closes).toEqual(new Map([["ada-0", 4408]]));
  });

  it("do not count polls, which give way to nobody and push nobody out", () => {
    const scene = new RoomScene("general");
    const poll = { userId: "ada", transport: "poll" } as const;
    for (let i = 0; i < 30; i++) scene.join(`poll-${i}`, poll, undefined, T0 + i);
    for (let i = 0; i < 10; i++) scene.join(`ada-${i}`, { userId: "ada" }, undefined, T0 + i);
    scene.join("poll", poll, undefined, T0 + 100);
    expect(scene.sockets.closes.size).toBe(0);
    expect(scene.room.kick("ada", 0, T0 + 200)).toBe(41);
  });

  it("never lock their owner out, however often a network flaps, nor at a full address", () => {
    const scene = new RoomScene("general", { LIMIT_CONNECTIONS_PER_IP: "12" });
    for (const id of ["ben", "eve"]) scene.join(id, { address: "office" });
    for (let i = 0; i < 50; i++) {
      const session = visitor("ada");
      expect(scene.room.refuses(session, T0 + i * 2_000)).toBeUndefined();
      scene.join(`ada-${i}`, session, undefined, T0 + i * 2_000);
    }
    expect(scene.room.connections).toBe(12);
    expect(scene.room.refuses(visitor("dan"), T0)?.code).toBe("too_many_connections");
  });

  it("have no limit where it is 0", () => {
    const scene = new RoomScene("general", {
      LIMIT_CONNECTIONS_PER_USER: "0",
      LIMIT_CONNECTIONS_PER_IP: "0",
    });
    for (let i = 0; i < 300; i++) scene.join(`ada-${i}`, visitor("ada"));
    expect(scene.room.refuses(visitor("ada"), T0)).toBeUndefined();
    expect(scene.sockets.closes.size).toBe(0);
  });
});

describe("150 colleagues behind one address", () => {
  it("get in", () => {
    const scene = new RoomScene("general");
    for (let i = 0; i < 150; i++) {
      const session = visitor(`u${i}`);
      expect(scene.room.refuses(session, T0)).toBeUndefined();
      scene.join(`c${i}`, session);
    }
  });
});

describe("joins", () => {
  it("are refused as rate_limited, with a time to wait, beyond sixty a minute of one user", () => {
    const scene = new RoomScene("general");
    const ask = (userId: string, now = T0, rest = {}) =>
      scene.room.refuses(visitor(userId, rest), now);
    for (let i = 0; i < 60; i++) expect(ask("ada")).toBeUndefined();
    expect(ask("ada")).toMatchObject({ code: "rate_limited", retryAfterMs: 1_000 });
    expect(ask("ben")).toBeUndefined();
    expect(ask("ada", T0, { backend: true })).toBeUndefined();
    expect(ask("ada", T0 + 1_000)).toBeUndefined();
  });

  it("by long poll count as the requests that they are", () => {
    const scene = new RoomScene("general", {
      LIMIT_FRAMES_BURST: "8",
      LIMIT_CONNECTIONS_PER_USER: "10",
    });
    const ask = () => scene.room.refuses(visitor("ada", { transport: "poll" }), T0)?.code;
    for (let i = 0; i < 79; i++) expect(ask()).toBeUndefined();
    scene.room.requests.refuses("ada", T0);
    expect(ask()).toBe("rate_limited");
  });

  it("with a token that has ended are refused, whatever the edge saw", () => {
    const scene = new RoomScene("general");
    const session = visitor("ada", { expiresAt: T0 });
    expect(scene.room.refuses(session, T0)?.code).toBe("token_expired");
  });
});

describe("a client without a subprotocol", () => {
  it("ends with 4408 at the sweep when it has said nothing for an hour, and no other does", () => {
    const scene = new RoomScene("general");
    for (const id of ["silent", "pings", "talks"]) scene.join(id, { wire: "plain", ...LONG });
    scene.sockets.pings.set("pings", T0 + 1_800_000);
    scene.hear("talks", { type: "typing_end" }, T0 + 1_800_000);
    expect(scene.room.wakeAt).toBe(T0 + HOUR + 1);
    scene.room.sweep(T0 + HOUR);
    expect(scene.sockets.closes).toEqual(new Map());
    scene.room.sweep(T0 + HOUR + 1);
    expect(scene.sockets.closes).toEqual(new Map([["silent", 4408]]));
    expect(scene.room.wakeAt).toBe(T0 + HOUR + 1_800_000 + 1);
  });

  it("keeps what it said over a hibernation, without a write for each frame", () => {
    const scene = new RoomScene("general");
    scene.join("talks", { wire: "plain", ...LONG });
    scene.hear("talks", { type: "typing_end" }, T0 + 59_000);
    expect(scene.sockets.saved.size).toBe(0);
    scene.hear("talks", { type: "typing_end" }, T0 + 1_800_000);
    const session = scene.sockets.saved.get("talks");
    if (session === undefined) throw new Error("not kept");
    scene.restart();
    scene.room.restore("talks", session, T0 + HOUR);
    scene.room.sweep(T0 + HOUR + 1);
    expect(scene.sockets.closes).toEqual(new Map());
    expect(scene.room.wakeAt).toBe(T0 + HOUR + 1_800_000 + 1);
  });

  it("may be silent for ever where PLAIN_SILENCE_MS is 0", () => {
    const scene = new RoomScene("general", { PLAIN_SILENCE_MS: "0" });
    scene.join("silent", { wire: "plain", expiresAt: T0 + 100 * HOUR });
    expect(scene.room.wakeAt).toBe(T0 + 100 * HOUR);
    scene.room.sweep(T0 + 50 * HOUR);
    expect(scene.sockets.closes).toEqual(new Map());
  });
});
