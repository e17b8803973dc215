import { describe, expect, it } from "vitest";
import { RealtimeError } from "../../../src/client/error.ts";
import { settle } from "./support/manual-clock.ts";
import { ack, frame, joined, jwt, message, newMessage, openScene, scene } from "./support/scene.ts";

describe("connecting", () => {
  it("offers the wire's subprotocol and the token beside it", async () => {
    const { network } = await scene({ token: "a.b.c" });
    expect(network.socket.protocols).toEqual(["hibiki.v1.json", "bearer.a.b.c"]);
    expect(network.socket.url.href).toBe("wss://edge.example/v1/rooms/general/ws?echo=true");
  });

  it("asks the token function, async or not", async () => {
    const { network } = await scene({ token: async () => "fresh" });
    expect(network.socket.protocols[1]).toBe("bearer.fresh");
  });

  it("is connecting until it is greeted, then open", async () => {
    const { room, statuses, greet } = await scene();
    expect(room.status).toBe("connecting");
    await greet({ seq: 4, reads: { bob: 3 } });
    expect(room.status).toBe("open");
    expect(statuses).toEqual([{ status: "open", transport: "websocket" }]);
    expect(room).toMatchObject({ id: "general", userId: "ann", seq: 4, epoch: "e1" });
    expect(room.users).toEqual([{ userId: "ann", name: "Ann" }]);
    expect(room.reads).toEqual({ bob: 3 });
    expect(room.limits).toEqual({ frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20 });
  });

  it("tells a refused connection's error as the reason of its status", async () => {
    const { network, statuses, log } = await scene();
    const error = { code: "banned", message: "Banned for a day.", retryable: false };
    network.socket.say(frame("error", error));
    network.socket.close(4403);
    expect(statuses).toEqual([
      { status: "closed", reason: { code: "banned", message: "Banned for a day." } },
    ]);
    expect(log).toEqual([]);
  });

  it("gives up a socket that is not greeted within ten seconds", async () => {
    const { clock, network, statuses } = await scene();
    await clock.advance(10_000);
    expect(network.socket.closedWith).toBe(1000);
    expect(statuses.at(-1)).toMatchObject({ status: "reconnecting", reason: { code: "timeout" } });
  });

  it("closes for good, without quoting the token, when the platform refuses to open a socket", async () => {
    const { statuses, room } = await scene({
      token: "not a token",
      environment: {
        openSocket: (_url, protocols) => {
          throw new SyntaxError(`bad subprotocol: ${protocols.join()}`);
        },
      },
    });
    expect(room.status).toBe("closed");
    expect(statuses.at(-1)?.reason?.code).toBe("invalid_request");
    expect(JSON.stringify(statuses)).not.toContain("not a token");
  });
});

describe("reconnecting", () => {
  it("waits 1, 2, 4, 8, 16, 30 … seconds, as often as it was told, then closes with the last reason", async () => {
    const { clock, network, room, statuses } = await openScene({ reconnectTries: 10 });
    const rejected = room.send("never arrives").catch((error: unknown) => error);
    network.socket.close(1006);
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect(room.status).toBe("reconnecting");
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
      expect(network.sockets).toHaveLength(1 + attempt);
      network.socket.close(4503);
    }
    const waits = statuses.flatMap(({ retryInMs }) => (retryInMs === undefined ? [] : [retryInMs]));
    expect(waits).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000,
    ]);
    expect(statuses.at(-1)).toMatchObject({ status: "closed", reason: { code: "not_configured" } });
    expect(await rejected).toMatchObject({
      name: "RealtimeError",
      code: "disconnected",
      outcome: "unknown",
      cause: { code: "not_configured" },
    });
    expect(room.pending).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(network.listeners).toBe(0);
  });

  it("never gives up by itself: an hour without the server, and what was written arrives", async () => {
    const { clock, network, room, greet } = await openScene();
    const sent = room.send("written before");
    network.socket.close(1006);
    network.onOpen = (socket) => queueMicrotask(() => socket.close(1006));
    await clock.advance(3_600_000);
    const late = room.send("written during");
    expect(room.status).toBe("reconnecting");
    expect(room.reason?.code).toBe("disconnected");
    network.onOpen = undefined;
    const tried = network.sockets.length;
    while (network.sockets.length === tried) await clock.advance(1_000);
    await greet({ recovered: true });
    network.socket.say(ack("id-1", 1), ack("id-2", 2));
    expect([(await sent).savedId, (await late).savedId]).toEqual([1, 2]);
    expect(room.reason).toBeUndefined();
  });

  it("uses up no try, and waits no longer, for a page that is looked at often", async () => {
    const { clock, network, room, statuses } = await openScene({ reconnectTries: 3 });
    network.onOpen = (socket) => queueMicrotask(() => socket.close(1006));
    network.socket.close(1006);
    for (let look = 0; look < 11; look += 1) {
      await clock.advance(400);
      network.wake("visible");
      await settle();
    }
    expect(room.status).toBe("reconnecting");
    expect(statuses.at(-1)).toMatchObject({ attempt: 1, retryInMs: 1_000 });
  });

  it("tells each try twice: while it waits, and when it is under way", async () => {
    const { clock, network, statuses } = await openScene();
    network.socket.close(1006);
    await clock.advance(1_000);
    expect(statuses.slice(1)).toEqual([
      {
        status: "reconnecting",
        attempt: 1,
        retryInMs: 1_000,
        reason: expect.objectContaining({ code: "disconnected" }),
      },
      { status: "reconnecting", attempt: 1, reason: statuses[1]?.reason },
    ]);
  });

  it("counts from one again after a connection that lasted", async () => {
    const { clock, network, statuses, greet } = await openScene();
    for (let round = 0; round < 3; round += 1) {
      network.socket.close(1006);
      await clock.advance(1_000);
      network.socket.close(1006);
      await clock.advance(2_000);
      await greet({ recovered: true });
      await clock.advance(5_000);
    }
    expect(statuses.map((change) => change.retryInMs).filter(Number)).toEqual([
      1_000, 2_000, 1_000, 2_000, 1_000, 2_000,
    ]);
  });

  it("backs off from a server that greets and closes at once, again and again", async () => {
    const { clock, network, statuses, greet } = await openScene();
    for (let round = 0; round < 6; round += 1) {
      network.socket.close(4408);
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
      await greet({ recovered: true });
    }
    expect(statuses.map((change) => change.retryInMs).filter(Number)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000,
    ]);
  });

  it.each([1000, 1009, 1011, 4408, 4429, 4503])("backs off after %i", async (code) => {
    const { network, statuses } = await openScene();
    network.socket.close(code);
    expect(statuses.at(-1)).toMatchObject({ status: "reconnecting", retryInMs: 1_000 });
  });

  it.each([4400, 4403])("never reconnects after %i (P9.2)", async (code) => {
    const { clock, network, room } = await openScene({ token: () => "another" });
    network.socket.close(code);
    expect(room.status).toBe("closed");
    await clock.advance(600_000);
    expect(network.sockets).toHaveLength(1);
  });

  it("comes back within a second, spread at random, after a restart (1012)", async () => {
    const { clock, network, statuses } = await openScene();
    network.random = () => 0.25;
    network.socket.close(1012);
    expect(statuses.at(-1)).toMatchObject({ status: "reconnecting", retryInMs: 250 });
    await clock.advance(250);
    expect(network.sockets).toHaveLength(2);
  });

  it("backs off from a server that is told to restart before it greets anyone", async () => {
    const { clock, network, statuses } = await openScene();
    network.random = () => 0.5;
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      network.socket.close(1012);
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
    }
    const waits = statuses.flatMap(({ retryInMs }) => retryInMs ?? []);
    expect(waits).toEqual([500, 1_500, 3_000, 6_000]);
  });

  it("tries at once, and counts anew, when the network comes back", async () => {
    const { clock, network, statuses } = await openScene();
    for (const wait of [1_000, 2_000, 4_000]) {
      network.socket.close(1006);
      await clock.advance(wait);
    }
    network.socket.close(1006);
    network.wake("online");
    await settle();
    expect(network.sockets).toHaveLength(5);
    network.socket.close(1006);
    expect(statuses.at(-1)).toMatchObject({ attempt: 1, retryInMs: 1_000 });
    await clock.advance(1_000);
    network.socket.close(1006);
    expect(statuses.at(-1)).toMatchObject({ attempt: 2, retryInMs: 2_000 });
  });

  it("dials anew when the network comes back while a greeting is awaited", async () => {
    const { network, room, statuses, greet } = await openScene();
    network.socket.close(1006);
    network.wake("visible");
    await settle();
    const stuck = network.socket;
    network.wake("visible");
    expect(network.socket).toBe(stuck);
    network.wake("online");
    await settle();
    expect(stuck.closedWith).toBe(1000);
    expect(network.sockets).toHaveLength(3);
    await greet({ recovered: true });
    expect([room.status, statuses.at(-1)?.status]).toEqual(["open", "open"]);
  });

  it("tries at once when the page becomes visible", async () => {
    const { network } = await openScene();
    network.socket.close(1006);
    network.wake("visible");
    await settle();
    expect(network.sockets).toHaveLength(2);
  });

  it("holds no try against the server while there is no network", async () => {
    const { clock, network, room, statuses, greet } = await openScene();
    network.isOnline = false;
    network.socket.close(1006);
    for (let attempt = 0; attempt < 40; attempt += 1) {
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
      network.socket.close(1006);
    }
    expect(room.status).toBe("reconnecting");
    expect(statuses.at(-1)).toMatchObject({ attempt: 1, retryInMs: 30_000 });
    network.isOnline = true;
    network.wake("online");
    await settle();
    await greet({ recovered: true });
    expect(room.status).toBe("open");
  });

  it("ignores whatever a socket still says after it was given up", async () => {
    const { clock, network, log, statuses, greet } = await openScene();
    const old = network.socket;
    await clock.advance(40_000);
    await clock.advance(1_000);
    await greet({ recovered: true });
    const before = [log.length, statuses.length];
    old.say(newMessage(1));
    old.close(4403);
    expect([log.length, statuses.length]).toEqual(before);
  });
});

describe("heartbeat", () => {
  it("says something right after the greeting, so that workerd finishes a close at once", async () => {
    const { greet, network, room } = await scene();
    expect(network.socket.hasPinged).toBe(false);
    await greet();
    expect(network.socket.hasPinged).toBe(true);
    expect(room.transport).toBe("websocket");
  });

  it("sends the exact ping every heartbeatMs, as text under MessagePack too", async () => {
    const { clock, network } = await scene({ wire: "msgpack" });
    network.socket.sayBinary(joined({ heartbeatMs: 20_000 }));
    await clock.advance(20_000);
    expect(network.socket.sent).toEqual(['{"type":"ping"}']);
    network.socket.raw('{"type":"pong"}');
    await clock.advance(20_000);
    expect(network.socket.sent).toHaveLength(2);
  });

  it("keeps a connection that answers, without drifting", async () => {
    const { clock, network, room, log } = await openScene();
    for (let beat = 1; beat <= 5; beat += 1) {
      await clock.advance(beat === 1 ? 30_000 : 27_000);
      expect(network.socket.of("ping")).toHaveLength(beat);
      await clock.advance(3_000);
      network.socket.raw('{"type":"pong"}');
    }
    expect(room.status).toBe("open");
    expect(log.filter(({ type }) => type === "error")).toEqual([]);
  });

  it("takes any frame for a sign of life", async () => {
    const { clock, network, room } = await openScene();
    await clock.advance(30_000);
    network.socket.say(newMessage(1));
    await clock.advance(10_000);
    expect(room.status).toBe("open");
  });

  it("closes and reconnects when nothing comes for ten seconds, without waiting for goodbye", async () => {
    const { clock, network, room, statuses } = await openScene();
    await clock.advance(40_000);
    expect(network.socket.closedWith).toBe(1000);
    expect(room.status).toBe("reconnecting");
    expect(statuses.at(-1)).toMatchObject({ retryInMs: 1_000, reason: { code: "timeout" } });
  });

  it("checks at once whether the connection has survived when the page wakes", async () => {
    const { clock, network, room } = await openScene();
    network.wake("visible");
    network.wake("online");
    expect(network.socket.of("ping")).toHaveLength(1);
    await clock.advance(2_999);
    expect(room.status).toBe("open");
    await clock.advance(1);
    expect(room.status).toBe("reconnecting");
  });

  it("waits no longer than that for the answer to an ordinary ping either, once the page wakes", async () => {
    const { clock, network, room } = await openScene();
    await clock.advance(31_000);
    network.wake("visible");
    await clock.advance(3_000);
    expect(room.status).toBe("reconnecting");
    expect(network.socket.of("ping")).toHaveLength(2);
  });
});

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

describe("leaving", () => {
  it("says leave_room, closes, and never comes back", async () => {
    const { clock, network, room, statuses } = await openScene();
    const left = room.leave();
    await settle();
    expect(network.socket.of("leave_room")).toHaveLength(1);
    expect(network.socket.closedWith).toBe(1000);
    expect(room.status).toBe("closed");
    expect(statuses.at(-1)).toEqual({ status: "closed" });
    network.socket.close(1000);
    await left;
    await clock.advance(600_000);
    expect(network.sockets).toHaveLength(1);
    expect(clock.pending).toBe(0);
    expect(network.listeners).toBe(0);
  });

  it("resolves after two seconds when the server never says goodbye", async () => {
    const { clock, room } = await openScene();
    let isLeft = false;
    room.leave().then(() => {
      isLeft = true;
    });
    await clock.advance(1_999);
    expect(isLeft).toBe(false);
    await clock.advance(1);
    expect(isLeft).toBe(true);
  });

  it("rejects what is pending, and what is sent afterwards", async () => {
    const { room } = await openScene();
    const pending = room.send("too late").catch((error: unknown) => error);
    const left = room.leave();
    expect(await pending).toBeInstanceOf(RealtimeError);
    await expect(room.send("even later")).rejects.toMatchObject({ code: "disconnected" });
    expect(room.publish("cursor", 1)).toBe(false);
    room.typing();
    room.read(3);
    void left;
  });

  it("stops before it has begun", async () => {
    const { clock, network, room, greet } = await scene();
    void room.leave();
    await settle();
    expect(network.socket.closedWith).toBe(1000);
    await greet();
    expect(room.status).toBe("closed");
    await clock.advance(60_000);
    expect(network.sockets).toHaveLength(1);
  });

  it("stops while it waits to reconnect", async () => {
    const { clock, network, room } = await openScene();
    network.socket.close(1006);
    await room.leave();
    await clock.advance(60_000);
    expect(network.sockets).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it("tells nothing after closed when a listener of pending leaves as the room is greeted", async () => {
    const { clock, network, room, log, statuses } = await openScene();
    const sent = room.send("stored already");
    room.read(3);
    network.socket.close(1006);
    await clock.advance(1_000);
    room.on("pending", () => void room.leave());
    network.socket.say(joined({ seq: 1, history: [message(1, "ann", "id-1")] }));
    expect(await sent).toMatchObject({ savedId: 1, duplicate: true });
    expect(statuses.at(-1)).toEqual({ status: "closed" });
    expect(log.filter(({ type }) => type === "joined_room")).toHaveLength(1);
    network.socket.close(1000);
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  it("tells closed last to every listener, though one leaves when told open", async () => {
    const { room, network } = await scene();
    const told: string[] = [];
    room.on("status", ({ status }) => {
      if (status === "open") void room.leave();
    });
    room.on("status", ({ status }) => told.push(status));
    network.socket.say(joined());
    expect(told).toEqual(["closed"]);
  });

  it("tells nothing more of a batch that a listener left in the middle of", async () => {
    const { network, room, log } = await openScene();
    room.on("new_message", () => void room.leave());
    network.socket.say(newMessage(1), newMessage(2), { type: 7 });
    expect(log.map(({ type }) => type)).toEqual(["joined_room", "new_message"]);
  });
});

describe("client", () => {
  it("opens anew for an id whose room was refused", async () => {
    const { client, room, network } = await openScene();
    network.socket.close(4403);
    expect(client.room("general").status).toBe("connecting");
    await settle();
    expect([room.status, network.sockets.length]).toEqual(["closed", 2]);
  });

  it("takes an option that is undefined for one that is absent", async () => {
    const careless: object = { ackTimeoutMs: undefined, reconnectTries: undefined };
    const { clock, room, network } = await openScene(careless);
    const sent = room.send("patient");
    await clock.advance(5_000);
    expect(network.socket.of("send_message")).toHaveLength(2);
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("refuses what is no room's name (P1.3)", async () => {
    const { client } = await scene();
    for (const id of ["", "a b", "a/b", "ü", "x".repeat(129)]) {
      expect(() => client.room(id)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    }
  });

  it("leaves every room on close, and opens none after it", async () => {
    const { client, room, network } = await openScene();
    const other = client.room("other");
    await settle();
    const closed = client.close();
    for (const socket of network.sockets) socket.close(1000);
    await closed;
    expect([room.status, other.status]).toEqual(["closed", "closed"]);
    expect(() => client.room("third")).toThrow(expect.objectContaining({ code: "disconnected" }));
  });

  it("asks for as much history as it was told to", async () => {
    const { client, network } = await scene();
    client.room("other", { history: 0 });
    await settle();
    expect(network.socket.url.search).toBe("?history=0&echo=true");
  });
});
