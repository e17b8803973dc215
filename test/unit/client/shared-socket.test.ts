import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { frame, jwt, newMessage } from "./support/scene.ts";
import { roomsOn, saidOn, sharedWorld } from "./support/shared-world.ts";

const ABC = ["a", "b", "c"] as const;

describe("rooms that share a WebSocket", () => {
  it("do so from the third on, and those before keep theirs (P20.1)", async () => {
    const { enter, shared, own } = await sharedWorld();
    await enter("a");
    await enter("b");
    const [c] = await enter("c");
    await enter("d");
    expect(own().map(({ url }) => url.pathname)).toEqual([
      "/base/v1/rooms/a/ws",
      "/base/v1/rooms/b/ws",
    ]);
    expect(shared().map(({ url }) => url.href)).toEqual(["wss://edge.example/base/v1/ws"]);
    expect(roomsOn(shared()[0])).toEqual(["c", "d"]);
    expect([c?.status, c?.transport]).toEqual(["open", "websocket"]);
  });

  it.each([
    ["always", ["a"], 1, 0],
    ["never", [...ABC], 0, 3],
    ["auto", ["a", "b"], 0, 2],
  ] as const)("are as it was asked for: %s", async (multiplex, ids, many, single) => {
    const { enter, shared, own } = await sharedWorld({ multiplex });
    const rooms = await enter(...ids);
    expect([shared().length, own().length]).toEqual([many, single]);
    expect(rooms.map(({ status }) => status)).toEqual(ids.map(() => "open"));
  });

  it("take another one for the 33rd room (P20.2)", async () => {
    const { enter, shared } = await sharedWorld({ multiplex: "always" });
    const rooms = await enter(...Array.from({ length: 33 }, (_, at) => `room-${at}`));
    expect(shared().map((socket) => roomsOn(socket).length)).toEqual([32, 1]);
    expect(rooms.every(({ status }) => status === "open")).toBe(true);
  });

  it("hear and say what is theirs alone (P20.3)", async () => {
    const { enter, shared } = await sharedWorld({ multiplex: "always" });
    const [a, b] = await enter("a", "b");
    const heard: unknown[] = [];
    a?.on("new_message", ({ content }) => heard.push(["a", content]));
    b?.on("new_message", ({ content }) => heard.push(["b", content]));
    const [socket] = shared();
    socket?.raw(JSON.stringify({ room: "b", ...frame("batch", [newMessage(1), newMessage(2)]) }));
    expect(heard).toEqual([
      ["b", "text 1"],
      ["b", "text 2"],
    ]);
    await expect(a?.send("hello")).resolves.toMatchObject({ savedId: 1 });
    expect(saidOn(socket, "send_message")).toMatchObject([{ room: "a" }]);
  });

  it("answer marks with their room", async () => {
    const { enter, shared } = await sharedWorld({ multiplex: "always" });
    await enter("a", "b");
    shared()[0]?.say({ room: "b", ...frame("mark", { id: "m1" }) });
    expect(saidOn(shared()[0], "read_mark")).toMatchObject([{ room: "b", payload: { id: "m1" } }]);
  });

  it("are closed one by one: 4403 of one leaves the others (P20.4)", async () => {
    const { enter, shared } = await sharedWorld({ multiplex: "always" });
    const [a, b] = await enter("a", "b");
    const error = { code: "banned", message: "You are banned.", retryable: false };
    shared()[0]?.say({
      room: "a",
      ...frame("left", { code: 4403, reason: "banned", error }),
    });
    await settle();
    expect([a?.status, a?.reason?.code]).toEqual(["closed", "banned"]);
    expect(b?.status).toBe("open");
  });

  it("come back one by one, from their cursor, when one restarts", async () => {
    const { enter, shared, clock } = await sharedWorld({ multiplex: "always" });
    const [a, b] = await enter("a", "b");
    shared()[0]?.say({ room: "a", ...newMessage(1) });
    shared()[0]?.say({ room: "a", ...frame("left", { code: 1012, reason: "restart" }) });
    expect([a?.status, b?.status]).toEqual(["reconnecting", "open"]);
    await clock.advance(5_000);
    expect(a?.status).toBe("open");
    expect(shared()).toHaveLength(1);
    expect(saidOn(shared()[0], "join").at(-1)).toMatchObject({
      room: "a",
      payload: { since: 1, epoch: "e1", echo: true },
    });
  });

  it("come back all, over one, when it breaks", async () => {
    const { enter, shared, own, clock } = await sharedWorld();
    const rooms = await enter(...ABC);
    for (const socket of shared()) socket.close(1006);
    expect(rooms.map(({ status }) => status)).toContain("reconnecting");
    await clock.advance(5_000);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open", "open"]);
    expect([shared().length, own().length]).toEqual([2, 0]);
  });

  it("leave one by one, and close it with the last", async () => {
    const { enter, shared } = await sharedWorld({ multiplex: "always" });
    const [a, b] = await enter("a", "b");
    await a?.leave();
    expect(saidOn(shared()[0], "leave")).toMatchObject([{ room: "a", payload: { back: false } }]);
    expect(shared()[0]?.closedWith).toBeUndefined();
    await b?.leave();
    expect(shared()[0]?.closedWith).toBe(1000);
  });

  it("enter again what they have just left, after the answer to that", async () => {
    const { client, enter, shared } = await sharedWorld({ multiplex: "always" });
    const [a] = await enter("a", "b");
    void a?.leave();
    await Promise.resolve();
    await Promise.resolve();
    const again = client.room("a");
    for (let turns = 0; turns < 6; turns += 1) await settle();
    expect(again.status).toBe("open");
    const types = (shared()[0]?.frames ?? []).map(({ type }) => type);
    expect(types).toEqual(["join", "join", "leave", "join"]);
  });
});

describe("a shared WebSocket's heart", () => {
  it("beats once for all rooms", async () => {
    const { enter, clock, pings, client } = await sharedWorld({ multiplex: "always" });
    const rooms = await enter(...ABC);
    await clock.advance(30_000);
    expect(pings()).toBe(1);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open", "open"]);
    await client.close();
  });

  it("that stops is noticed, and all come back over another one", async () => {
    const { enter, clock, shared, ways } = await sharedWorld({ multiplex: "always" });
    const rooms = await enter(...ABC);
    ways.shared = "silent";
    await clock.advance(40_000);
    expect(shared()[0]?.closedWith).toBe(4000);
    expect(rooms.map(({ status }) => status)).not.toContain("open");
    ways.shared = "works";
    await clock.advance(20_000);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open", "open"]);
    expect(new Set(shared().slice(1).flatMap(roomsOn))).toEqual(new Set(ABC));
  });
});

describe("the token of a shared WebSocket", () => {
  it("is renewed once for all (P20.6)", async () => {
    const tokens = [600_000, 1_200_000].map((ms) => jwt(Date.parse("2026-01-01T00:00:00Z") + ms));
    const asked: string[] = [];
    const { enter, clock, shared } = await sharedWorld({
      multiplex: "always",
      token: () => {
        const token = tokens[Math.min(asked.length, 1)] ?? "";
        asked.push(token);
        return token;
      },
    });
    const rooms = await enter(...ABC);
    await clock.advance(545_000);
    expect(asked).toHaveLength(2);
    expect(saidOn(shared()[0], "refresh_token")).toMatchObject([{ payload: { token: tokens[1] } }]);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open", "open"]);
    // Each room took it for its own, and asks for the next one in time.
    await clock.advance(600_000);
    expect(asked.length).toBeGreaterThan(2);
  });

  it("that is refused brings all back over another one", async () => {
    const [first, second] = [jwt(Date.parse("2030-01-01")), jwt(Date.parse("2031-01-01"))];
    const { enter, clock, shared } = await sharedWorld({
      multiplex: "always",
      token: (refused) => (refused === undefined ? first : second),
    });
    const rooms = await enter(...ABC);
    const error = { code: "token_expired", message: "It has ended.", retryable: false };
    shared()[0]?.say(frame("error", error));
    shared()[0]?.close(4401);
    await clock.advance(1_000);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open", "open"]);
    expect(shared()).toHaveLength(2);
    expect(shared()[1]?.protocols).toContain(`bearer.${second}`);
  });
});

describe("a server without shared WebSockets", () => {
  it.each(["breaks", "old"] as const)("is entered room by room, when it %s", async (shared) => {
    const world = await sharedWorld({}, { shared });
    const rooms = await world.enter(...ABC);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open", "open"]);
    expect(world.own()).toHaveLength(3);
    // Without a loop: nothing more is tried for a while.
    const opened = world.network.sockets.length;
    await world.clock.advance(20_000);
    expect(world.network.sockets).toHaveLength(opened);
  });

  it("is entered over one again once it has them", async () => {
    const world = await sharedWorld({}, { shared: "old" });
    const rooms = await world.enter(...ABC);
    world.ways.shared = "works";
    await world.clock.advance(40_000);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open", "open"]);
    expect(new Set(roomsOn(world.shared().at(-1)))).toEqual(new Set(ABC));
  });
});
