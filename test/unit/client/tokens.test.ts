import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { frame, joined, jwt, openScene, scene } from "./support/scene.ts";

describe("tokens", () => {
  it("closes for good after 4401 when the token is a string", async () => {
    const { network, room, statuses } = await openScene();
    network.socket.close(4401);
    expect(room.status).toBe("closed");
    expect(statuses.at(-1)?.reason?.code).toBe("unauthorized");
  });

  it("asks for a new token after 4401 and comes back at once with it", async () => {
    let asked = 0;
    const { clock, network, greet, room } = await openScene({
      token: () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    network.socket.close(4401);
    await clock.advance(0);
    expect(network.socket.protocols[1]).toBe("bearer.token-2");
    await greet({ recovered: true });
    expect(room.status).toBe("open");
  });

  it("comes back at once every time that a token simply ends", async () => {
    let asked = 0;
    const { clock, network, greet } = await openScene({
      token: () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    for (let end = 1; end <= 3; end += 1) {
      await clock.advance(5_000);
      network.socket.close(4401);
      await clock.advance(0);
      expect(network.sockets).toHaveLength(1 + end);
      await greet({ recovered: true });
    }
  });

  it("does not hand a token to a connection that it was not asked for", async () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    const later = Promise.withResolvers<string>();
    const tokens = [jwt(start + 100_000), later.promise];
    const { clock, network, greet } = await openScene({ token: () => tokens.shift() ?? "none" });
    network.socket.onSend = () => network.socket.raw('{"type":"pong"}');
    await clock.advance(80_000);
    network.socket.close(1006);
    await clock.advance(1_000);
    await greet({ recovered: true });
    later.resolve(jwt(start + 200_000));
    await settle();
    expect(network.sockets).toHaveLength(2);
    expect(network.sockets.flatMap((socket) => socket.of("refresh_token"))).toEqual([]);
  });

  it("backs off when the new token is refused too", async () => {
    let asked = 0;
    const { clock, network, statuses } = await openScene({
      token: () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    network.socket.close(4401);
    await clock.advance(0);
    network.socket.close(4401);
    expect(statuses.at(-1)).toMatchObject({ attempt: 2, retryInMs: 2_000 });
    await clock.advance(2_000);
    expect(network.socket.protocols[1]).toBe("bearer.token-3");
  });

  it("tries the same token again after a while when the function has no other: clocks differ", async () => {
    let asked = 0;
    const { clock, network, room, greet, statuses } = await openScene({
      token: () => {
        asked += 1;
        return "the same";
      },
    });
    network.socket.close(4401);
    await clock.advance(0);
    expect(network.sockets).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ status: "reconnecting", retryInMs: 2_000 });
    await clock.advance(2_000);
    expect([network.sockets.length, asked]).toEqual([2, 3]);
    await greet({ recovered: true });
    expect(room.status).toBe("open");
  });

  it("asks again for ever, ever more rarely, while every token is refused", async () => {
    let asked = 0;
    const { clock, network, room } = await scene({
      token: () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    network.onOpen = (socket) => queueMicrotask(() => socket.close(4401));
    network.socket.close(4401);
    await clock.advance(3_600_000);
    expect(room.status).toBe("reconnecting");
    expect(asked).toBeGreaterThan(100);
    expect(asked).toBeLessThan(140);
  });

  it("keeps what the token function threw as the cause", async () => {
    const down = new Error("login server is down");
    const { room } = await scene({ token: () => Promise.reject(down) });
    expect(room.reason).toMatchObject({ code: "unauthorized", cause: down });
  });

  it("renews at most every 30 s, though the device's clock runs an hour ahead", async () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    let asked = 0;
    const { clock, network } = await openScene({
      // Of an hour each, by a server that is 59 min 58 s behind this device.
      token: () => {
        asked += 1;
        return jwt(start + asked * 2_000, `${asked}`);
      },
    });
    network.socket.onSend = () => network.socket.raw('{"type":"pong"}');
    await clock.advance(60_000);
    expect(asked).toBeLessThanOrEqual(3);
  });

  it("tells the function which token was refused, so that it can let go of a copy", async () => {
    const told: (string | undefined)[] = [];
    let kept = "token-1";
    const { clock, network } = await openScene({
      token: (refused) => {
        told.push(refused);
        if (kept === refused) kept = "token-2";
        return kept;
      },
    });
    network.socket.close(4401);
    await clock.advance(0);
    expect(told).toEqual([undefined, "token-1"]);
    expect(network.socket.protocols[1]).toBe("bearer.token-2");
  });

  it("asks again when the answer under way turns out to be the refused token", async () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    const first = jwt(start + 50_000);
    const answers = [first, Promise.withResolvers<string>(), jwt(start + 90_000)] as const;
    let asked = 0;
    const { clock, network, room } = await openScene({
      token: () => {
        asked += 1;
        if (asked === 2) return answers[1].promise;
        return asked === 1 ? answers[0] : answers[2];
      },
    });
    network.socket.onSend = () => network.socket.raw('{"type":"pong"}');
    await clock.advance(40_000);
    expect(asked).toBe(2);
    network.socket.close(4401);
    await clock.advance(0);
    answers[1].resolve(first);
    await settle();
    expect(room.status).toBe("reconnecting");
    expect(network.socket.protocols[1]).toBe(`bearer.${answers[2]}`);
  });

  it("does not come back with another room's token that has ended meanwhile", async () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    let life = 0;
    const { clock, network } = await openScene({
      token: () => {
        life += 1;
        return jwt(start + life * 50_000);
      },
    });
    network.socket.onSend = () => network.socket.raw('{"type":"pong"}');
    await clock.advance(40_000);
    expect(life).toBe(2);
    await clock.advance(57_000);
    network.socket.close(4401);
    await clock.advance(0);
    expect(network.socket.protocols[1]).toBe(`bearer.${jwt(start + 150_000)}`);
  });

  it("treats a token function that fails as a failed try", async () => {
    let works = false;
    const { clock, network, statuses } = await scene({
      token: () => {
        if (works) return "at last";
        throw new Error("login server is down");
      },
    });
    expect(statuses.at(-1)).toMatchObject({
      status: "reconnecting",
      attempt: 1,
      reason: { code: "unauthorized" },
    });
    works = true;
    await clock.advance(1_000);
    expect(network.socket.protocols[1]).toBe("bearer.at last");
  });

  it("asks anew after a token function that never answers", async () => {
    let asked = 0;
    const { clock, network } = await scene({
      token: () => {
        asked += 1;
        return asked === 1 ? new Promise<string>(() => {}) : "second";
      },
    });
    await clock.advance(31_000);
    expect(network.socket.protocols[1]).toBe("bearer.second");
  });

  it("does not ask again on a reconnect while the token lives, and serves all rooms with one", async () => {
    let asked = 0;
    const { clock, network, client } = await openScene({
      token: () => {
        asked += 1;
        return "opaque";
      },
    });
    client.room("another");
    network.sockets[0]?.close(1006);
    await clock.advance(1_000);
    expect(network.sockets).toHaveLength(3);
    expect(asked).toBe(1);
  });

  it.each([
    { lifeMs: 3_600_000, askedAtMs: 3_540_000 },
    { lifeMs: 100_000, askedAtMs: 80_000 },
    { lifeMs: 40 * 86_400_000, askedAtMs: 40 * 86_400_000 - 60_000 },
  ])("renews a token of $lifeMs ms after $askedAtMs ms on the open connection", async (row) => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    let life = 1;
    const { clock, network } = await scene({
      token: () => jwt(start + life++ * row.lifeMs),
    });
    // Few heartbeats, and all answered: they would only be noise here.
    network.socket.onSend = (data) => {
      if (data === '{"type":"ping"}') network.socket.raw('{"type":"pong"}');
    };
    network.socket.say(joined({ heartbeatMs: 2 ** 31 - 1 }));
    await clock.advance(row.askedAtMs - 1_000);
    expect(network.socket.of("refresh_token")).toEqual([]);
    await clock.advance(1_000);
    expect(network.socket.of("refresh_token")).toEqual([
      { type: "refresh_token", payload: { token: jwt(start + 2 * row.lifeMs) } },
    ]);
    expect(network.sockets).toHaveLength(1);
  });

  it("renews again after the server took the first renewal, and tells the application", async () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    let life = 1;
    const { clock, network, log } = await openScene({ token: () => jwt(start + life++ * 100_000) });
    const pong = () => network.socket.raw('{"type":"pong"}');
    for (const wait of [30_000, 30_000, 20_000]) {
      await clock.advance(wait);
      pong();
    }
    network.socket.say(frame("token_refreshed", { expiresAt: "2026-01-01T00:03:20.000Z" }));
    for (let second = 80; second < 176; second += 1) {
      await clock.advance(1_000);
      pong();
    }
    expect(network.socket.of("refresh_token")).toHaveLength(2);
    expect(log.at(-1)?.type).toBe("token_refreshed");
  });

  it("falls back to a reconnect with the newest token when the renewal was refused", async () => {
    const start = Date.parse("2026-01-01T00:00:00Z");
    let life = 1;
    const { clock, network, log } = await openScene({ token: () => jwt(start + life++ * 10_000) });
    await clock.advance(8_000);
    const error = { code: "unauthorized", message: "Not the same sub.", retryable: false };
    network.socket.say(frame("error", error));
    expect(log.at(-1)).toEqual({ type: "error", payload: error });
    await clock.advance(2_000);
    network.socket.close(4401);
    await clock.advance(0);
    expect(network.socket.protocols[1]).toBe(`bearer.${jwt(start + 20_000)}`);
  });
});
