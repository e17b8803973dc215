import { describe, expect, it } from "vitest";
import { type ClientOptions, RealtimeClient } from "../../../src/client/client.ts";
import "../../../src/client/http-transports.ts";
import type { StatusChange } from "../../../src/client/room-event.ts";
import { answer, FakeHttp, FakeStream, never, refusal } from "./support/fake-http.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { frame, joined, jwt, newMessage } from "./support/scene.ts";

const TOKEN = jwt(Date.parse("2030-01-01T00:00:00Z"));
/** What works on the way to the server; the rest breaks at once, or stays silent. */
type Way = "works" | "breaks" | "hangs";

async function world(
  ways: { socket: Way; sse: Way; poll: Way },
  options: Partial<ClientOptions> = {},
) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const http = new FakeHttp(network);
  const streams: FakeStream[] = [];
  network.onOpen = (socket) => {
    socket.onClosed = () => queueMicrotask(() => socket.close(1000));
    queueMicrotask(() => {
      if (ways.socket === "works")
        socket.say(joined({ recovered: socket.url.searchParams.has("since") }));
      if (ways.socket === "breaks") socket.close(1006);
    });
  };
  const through = (way: Way) => {
    if (way === "breaks") throw new Error("broken");
  };
  http.on(/events$/, (request) => {
    through(ways.sse);
    const stream = new FakeStream(request.signal);
    streams.push(stream);
    if (ways.sse === "works")
      stream.say(joined({ recovered: request.url.searchParams.has("since") }));
    // A proxy that holds a stream back says nothing, its headers neither.
    return ways.sse === "works" ? stream.response : never(request);
  });
  http.on(/(messages|users|poll)$/, (request) => {
    through(ways.poll);
    if (ways.poll === "hangs" || request.url.searchParams.get("wait") === "20") {
      return never(request);
    }
    return answer(200, {
      ...{ messages: [], users: [], events: [] },
      ...{ epoch: "e1", seq: 0, hasMore: false, recovered: true },
    });
  });
  const { environment } = network;
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: TOKEN,
    ...options,
    environment: { ...environment, ...options.environment },
  });
  const statuses: StatusChange[] = [];
  const enter = async (id: string) => {
    const room = client.room(id);
    room.on("status", (change) => statuses.push(change));
    await settle();
    await settle();
    return room;
  };
  const room = await enter("general");
  const asked = (path: RegExp) =>
    network.requests.filter(({ url, method }) => method === "GET" && path.test(url.pathname))
      .length;
  return { clock, network, http, streams, client, room, statuses, enter, asked, ways };
}

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
    expect(network.socket.closedWith).toBe(1000);
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

describe("going back up", () => {
  it("is tried aside after half a minute, then ever more rarely, and interrupts nobody", async () => {
    const { clock, network, room, statuses, streams } = await world({
      socket: "breaks",
      sse: "works",
      poll: "works",
    });
    const alive = async (ms: number) => {
      for (let left = ms; left > 0; left -= 10_000) {
        streams[0]?.text(":\n\n");
        await clock.advance(10_000);
      }
    };
    await alive(30_000);
    expect(network.sockets).toHaveLength(2);
    await alive(60_000);
    expect(network.sockets).toHaveLength(3);
    await alive(120_000);
    expect(network.sockets).toHaveLength(4);
    expect(network.socket.url.search).toBe("?history=0&echo=true");
    await alive(3_600_000);
    expect(network.sockets.length).toBeLessThan(12);
    expect(network.sockets.length).toBeGreaterThan(8);
    expect(room.transport).toBe("sse");
    expect(statuses).toHaveLength(1);
  });

  it("happens once WebSocket works: every room comes back over it, from where it was", async () => {
    const { clock, enter, network, room, statuses, streams, ways } = await world({
      socket: "breaks",
      sse: "works",
      poll: "works",
    });
    const other = await enter("other");
    const seen: number[] = [];
    room.on("new_message", ({ seq }) => seen.push(seq));
    streams[0]?.say(newMessage(1));
    ways.socket = "works";
    await clock.advance(31_000);
    expect([room.transport, other.transport]).toEqual(["websocket", "websocket"]);
    expect(streams.every(({ isAborted }) => isAborted)).toBe(true);
    const back = network.sockets.find(({ url }) => url.searchParams.get("since") === "1");
    back?.say(newMessage(1), newMessage(2));
    expect(seen).toEqual([1, 2]);
    const opened = statuses.filter(({ status }) => status === "open");
    expect(opened.map(({ transport }) => transport)).toEqual([
      "sse",
      "sse",
      "websocket",
      "websocket",
    ]);
  });

  it("is tried at once when the network comes back", async () => {
    const { clock, network, room, ways } = await world({
      socket: "breaks",
      sse: "works",
      poll: "works",
    });
    ways.socket = "works";
    network.wake("online");
    await clock.advance(1_000);
    expect(room.transport).toBe("websocket");
  });

  it("is a step to Server-Sent Events where WebSocket still breaks", async () => {
    const { clock, network, room, ways } = await world({
      socket: "breaks",
      sse: "breaks",
      poll: "works",
    });
    expect(room.transport).toBe("poll");
    ways.sse = "works";
    network.wake("online");
    await clock.advance(1_000);
    expect(room.transport).toBe("sse");
  });

  it("takes even a refusal for a sign that it works", async () => {
    const { clock, network, room, ways } = await world({
      socket: "breaks",
      sse: "works",
      poll: "works",
    });
    ways.socket = "hangs";
    network.wake("online");
    await settle();
    ways.socket = "works";
    network.socket.say(frame("error", { code: "token_expired", message: "no", retryable: false }));
    await clock.advance(1_000);
    expect(room.transport).toBe("websocket");
  });

  it("leaves no timer and no listener when the room is left", async () => {
    const { clock, network, room } = await world({ socket: "breaks", sse: "works", poll: "works" });
    await clock.advance(5_000);
    await room.leave();
    expect(clock.pending).toBe(0);
    expect(network.listeners).toBe(0);
  });

  it("gives up trying aside when the room is left meanwhile", async () => {
    const { clock, network, room, ways } = await world({
      socket: "breaks",
      sse: "works",
      poll: "works",
    });
    ways.socket = "hangs";
    network.wake("online");
    await room.leave();
    expect(network.socket.closedWith).toBe(1000);
    expect(clock.pending).toBe(0);
  });
});

describe("what is sent by requests", () => {
  it("is one message at a time, in order, and again with the same key when nobody answered", async () => {
    const { clock, http, room, streams } = await world({
      socket: "breaks",
      sse: "works",
      poll: "works",
    });
    let seq = 0;
    http.on(/^POST/, () => answer(502));
    const receipts = ["a", "b", "c"].map((content) => room.send(content));
    await settle();
    expect(http.said.map(({ key }) => key)).toEqual(["id-1"]);
    http.on(/^POST/, () => {
      seq += 1;
      return answer(201, { savedId: seq });
    });
    streams[0]?.text(":\n\n");
    await clock.advance(5_000);
    expect((await Promise.all(receipts)).map(({ savedId }) => savedId)).toEqual([1, 2, 3]);
    expect(http.said.map(({ key }) => key)).toEqual(["id-1", "id-1", "id-2", "id-3"]);
  });

  it("survives the end of a token: a new one is asked for, and nothing is lost", async () => {
    let asked = 0;
    const { clock, http, room } = await world(
      { socket: "breaks", sse: "works", poll: "works" },
      {
        token: () => {
          asked += 1;
          return jwt(Date.parse("2030-01-01T00:00:00Z"), `token ${asked}`);
        },
      },
    );
    http.on(/^POST/, ({ authorization }) =>
      asked === 1 && authorization !== undefined
        ? refusal(401, "token_expired")
        : answer(201, { savedId: 1 }),
    );
    const receipt = room.send("hello");
    await clock.advance(1_000);
    expect(await receipt).toMatchObject({ savedId: 1 });
    expect(asked).toBe(2);
    expect(room.transport).toBe("sse");
  });
});
