import { describe, expect, it } from "vitest";
import { RealtimeError } from "../../../src/client/error.ts";
import { settle } from "./support/manual-clock.ts";
import { ack, frame, joined, message, newMessage, openScene, scene } from "./support/scene.ts";

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
    expect(network.socket.closedWith).toBe(4000);
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

  it.each([
    ["a room by MessagePack", { wire: "msgpack" }],
    ["a topic", {}],
    ["a topic by whatever works", { transport: "auto" }],
    ["a room by MessagePack or whatever works", { wire: "msgpack", transport: "auto" }],
  ] as const)("closes %s for good then too, though its code came late", async (what, options) => {
    const { client, clock, network, room } = await scene({
      ...options,
      token: "not a token",
      environment: {
        openSocket: (_url, protocols) => {
          throw new SyntaxError(`bad subprotocol: ${protocols.join()}`);
        },
      },
    });
    const entered = what.includes("topic") ? client.topic("cpu") : room;
    await clock.advance(60_000);
    expect([entered.status, entered.reason?.code]).toEqual(["closed", "invalid_frame"]);
    expect(network.requests).toEqual([]);
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

  it("closes with 4000 and reconnects when nothing comes for ten seconds, without waiting for goodbye (P9.11)", async () => {
    const { clock, network, room, statuses } = await openScene();
    await clock.advance(40_000);
    expect(network.socket.closedWith).toBe(4000);
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
