import { describe, expect, it } from "vitest";
import "../../../src/client/http-transports.ts";
import { answer, refusal } from "./support/fake-http.ts";
import { world } from "./support/fallback-world.ts";
import { settle } from "./support/manual-clock.ts";
import { frame, jwt, newMessage } from "./support/scene.ts";

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
    expect(network.socket.closedWith).toBe(4000);
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
