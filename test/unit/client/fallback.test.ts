import { describe, expect, it } from "vitest";
import "../../../src/client/http-transports.ts";
import { refusal } from "./support/fake-http.ts";
import { world } from "./support/fallback-world.ts";
import { settle } from "./support/manual-clock.ts";
import { frame } from "./support/scene.ts";

describe("which transport is used", () => {
  it("is WebSocket where that works, and nothing else is asked for", async () => {
    const { network, room, statuses } = await world({
      socket: "works",
      sse: "works",
      poll: "works",
    });
    expect(room.transport).toBe("websocket");
    expect(statuses).toEqual([{ status: "open", transport: "websocket" }]);
    expect(network.requests).toEqual([]);
  });

  it("is Server-Sent Events where upgrades break, without a word of reconnecting", async () => {
    const { room, statuses } = await world({ socket: "breaks", sse: "works", poll: "works" });
    expect(room.transport).toBe("sse");
    expect(statuses).toEqual([{ status: "open", transport: "sse" }]);
  });

  it("is polling where streams do not get through either", async () => {
    const { room, statuses } = await world({ socket: "breaks", sse: "breaks", poll: "works" });
    expect(room.transport).toBe("poll");
    expect(statuses).toEqual([{ status: "open", transport: "poll" }]);
  });

  it("is tried for five seconds each where they hang", async () => {
    const { clock, network, room, statuses, streams } = await world({
      socket: "hangs",
      sse: "hangs",
      poll: "works",
    });
    await clock.advance(4_999);
    expect(streams).toHaveLength(0);
    await clock.advance(1);
    expect(network.socket.closedWith).toBe(4000);
    expect(streams).toHaveLength(1);
    await clock.advance(5_000);
    expect(streams[0]?.isAborted).toBe(true);
    expect(room.transport).toBe("poll");
    expect(statuses).toEqual([{ status: "open", transport: "poll" }]);
  });

  it.each(["websocket", "sse", "poll"] as const)("is %s when told so", async (transport) => {
    const { network, room } = await world(
      { socket: "works", sse: "works", poll: "works" },
      { transport },
    );
    expect(room.transport).toBe(transport);
    expect(network.sockets).toHaveLength(transport === "websocket" ? 1 : 0);
  });

  it("is no other than the one that was told, where that breaks", async () => {
    const { network, room } = await world(
      { socket: "breaks", sse: "works", poll: "works" },
      { transport: "websocket" },
    );
    expect(room.status).toBe("reconnecting");
    expect(network.requests).toEqual([]);
  });

  it("is nobody's while there is no connection", async () => {
    const { room } = await world({ socket: "breaks", sse: "breaks", poll: "breaks" });
    expect(room.transport).toBeUndefined();
    expect(room.status).toBe("reconnecting");
  });

  it("is the next one on a platform without WebSocket", async () => {
    const openSocket = () => {
      throw new ReferenceError("WebSocket is not defined");
    };
    const { room } = await world(
      { socket: "works", sse: "works", poll: "works" },
      { environment: { openSocket } },
    );
    expect(room.transport).toBe("sse");
  });

  it("is none where the token cannot be sent by any", async () => {
    const openSocket = () => {
      throw new DOMException("bad protocol", "SyntaxError");
    };
    const { network, room, statuses } = await world(
      { socket: "works", sse: "works", poll: "works" },
      { environment: { openSocket } },
    );
    expect(room.status).toBe("closed");
    expect(statuses.at(-1)).toMatchObject({ reason: { code: "invalid_request" } });
    expect(network.requests).toEqual([]);
  });
});

describe("a refusal", () => {
  it("is not gone around: the server was reached, and said no", async () => {
    const { network, room, statuses, ways } = await world({
      socket: "hangs",
      sse: "works",
      poll: "works",
    });
    ways.socket = "works";
    network.socket.say(frame("error", { code: "banned", message: "no", retryable: false }));
    network.socket.close(4403);
    await settle();
    expect(room.status).toBe("closed");
    expect(statuses.at(-1)).toMatchObject({ reason: { code: "banned" } });
    expect(network.requests).toEqual([]);
  });

  it("is one even without a word, when the close code is the server's own", async () => {
    const { network, room } = await world({ socket: "hangs", sse: "works", poll: "works" });
    network.socket.close(4403);
    await settle();
    expect(room.status).toBe("closed");
    expect(network.requests).toEqual([]);
  });

  it("by an event stream ends it as by a socket", async () => {
    const { http, room, ways, network, clock } = await world({
      socket: "breaks",
      sse: "breaks",
      poll: "breaks",
    });
    ways.sse = "works";
    http.on(/events$/, () => refusal(403, "access_denied"));
    await clock.advance(1_000);
    expect(room.status).toBe("closed");
    expect(network.requests.filter(({ url }) => url.pathname.endsWith("users"))).toHaveLength(1);
  });
});

describe("what worked", () => {
  it("is remembered for all rooms", async () => {
    const { enter, network } = await world({ socket: "breaks", sse: "works", poll: "works" });
    expect(network.sockets).toHaveLength(1);
    const other = await enter("other");
    expect(other.transport).toBe("sse");
    expect(network.sockets).toHaveLength(1);
  });

  it("is tried again before anything lower when the connection broke", async () => {
    const { clock, network, room, ways } = await world({
      socket: "works",
      sse: "works",
      poll: "works",
    });
    ways.socket = "breaks";
    network.socket.close(1006);
    await clock.advance(3_500);
    expect(network.sockets.length).toBeGreaterThan(2);
    expect(network.requests).toEqual([]);
    ways.socket = "works";
    await clock.advance(5_000);
    expect(room.transport).toBe("websocket");
    expect(network.requests).toEqual([]);
  });

  it("is not left within a connection, however long another room has been failing", async () => {
    const { clock, enter, network, room, statuses, ways } = await world({
      socket: "works",
      sse: "breaks",
      poll: "breaks",
    });
    const [first] = network.sockets;
    ways.socket = "hangs";
    await enter("other");
    await clock.advance(8_000);
    expect(room.status).toBe("open");
    ways.sse = "works";
    first?.close(1006);
    await settle();
    expect(room.status).toBe("reconnecting");
    expect(statuses.filter(({ status }) => status === "open")).toHaveLength(1);
  });

  it("is given up after five seconds of failing", async () => {
    const { clock, network, room, ways } = await world({
      socket: "works",
      sse: "works",
      poll: "works",
    });
    ways.socket = "breaks";
    network.socket.close(1006);
    await clock.advance(12_000);
    expect(room.transport).toBe("sse");
  });

  it("is forgotten when nothing works there any more, for what is above may", async () => {
    const { clock, room, streams, ways } = await world({
      socket: "breaks",
      sse: "works",
      poll: "works",
    });
    Object.assign(ways, { socket: "works", sse: "breaks", poll: "breaks" });
    streams[0]?.end();
    await clock.advance(20_000);
    expect(room.transport).toBe("websocket");
  });
});

describe("one room's trouble", () => {
  it("moves no other room: a greeting that cannot be read is no broken transport", async () => {
    const { clock, enter, network, room } = await world({
      socket: "works",
      sse: "works",
      poll: "works",
    });
    const opened = network.onOpen;
    network.onOpen = (socket) => {
      if (!socket.url.pathname.includes("sick")) opened?.(socket);
      else queueMicrotask(() => socket.say({ type: "joined_room", payload: {} }));
    };
    const sick = await enter("sick");
    await clock.advance(60_000);
    expect([sick.status, room.transport]).toEqual(["reconnecting", "websocket"]);
    expect(network.requests).toEqual([]);
    expect((await enter("third")).transport).toBe("websocket");
  });

  it("moves no other room when only its own WebSocket hangs", async () => {
    const { clock, enter, network, room } = await world({
      socket: "works",
      sse: "works",
      poll: "works",
    });
    const opened = network.onOpen;
    network.onOpen = (socket) => {
      if (!socket.url.pathname.includes("sick")) opened?.(socket);
    };
    network.socket.onSend = () => network.socket.raw('{"type":"pong"}');
    const sick = await enter("sick");
    await clock.advance(15_000);
    expect([sick.transport, room.transport]).toEqual(["sse", "websocket"]);
    expect((await enter("third")).transport).toBe("websocket");
  });
});
