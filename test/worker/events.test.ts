import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EventReader } from "./support/event-reader.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("an event stream", () => {
  it("begins with retry and joined_room, under headers that nobody stores or buffers (P7.5)", async () => {
    const name = room();
    const ada = await EventReader.open(name, "ada");
    expect(Object.fromEntries(ada.response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": expect.stringContaining("no-store"),
      "x-accel-buffering": "no",
      "access-control-allow-origin": "*",
    });
    expect(ada.response.headers.get("ETag")).toBeNull();
    expect(ada.parser.retry).toBe(2_000);
    expect(ada.joined).toMatchObject({
      roomId: name,
      userId: "ada",
      seq: 0,
      users: [{ userId: "ada", name: "ADA" }],
      recovered: false,
    });
    expect(ada.parser.events[0]).toMatchObject({
      event: "joined_room",
      id: `${ada.joined.epoch}:0`,
    });
  });

  it("carries each frame as an event of its type, and a cursor with the durable ones", async () => {
    const name = room();
    const ada = await EventReader.open(name, "ada");
    const ben = await Peer.connect(name, "ben");
    await Promise.all(["one", "two\n\ndata: three"].map((content) => ben.say(content)));
    ben.send({ type: "publish", payload: { event: "poke", data: 1 } });
    await ada.see("event");
    const { epoch } = ada.joined;
    expect(ada.parser.events.slice(1).map(({ event, id }) => [event, id])).toEqual([
      ["user_joined", `${epoch}:0`],
      ["new_message", `${epoch}:1`],
      ["new_message", `${epoch}:2`],
      ["event", `${epoch}:2`],
    ]);
    expect(ada.frames[3]).toMatchObject({ seq: 2, payload: { content: "two\n\ndata: three" } });
    expect(ada.frames.every(({ timestamp }) => timestamp !== undefined)).toBe(true);
  });

  it.each([
    ["the Last-Event-ID", (id: string) => ({ lastEventId: id, query: "?since=0&epoch=old" })],
    [
      "since and epoch",
      (id: string) => {
        const [epoch, since] = id.split(":");
        return { query: `?since=${since}&epoch=${epoch}` };
      },
    ],
  ])("resumes from %s with every missed event, and nothing twice", async (_, cursor) => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    for (let i = 1; i <= 5; i++) await ben.say(`m${i}`);
    const ada = await EventReader.open(name, "ada", cursor(`${ben.joined.epoch}:2`));
    await ben.say("m6");
    await ada.see("new_message", 4);
    expect(ada.joined).toMatchObject({ recovered: true, history: [], seq: 5 });
    expect(ada.seqs).toEqual([3, 4, 5, 6]);
    // Whoever is cut off right after joined_room must not skip what it has not been shown.
    expect(ada.parser.events[0]?.id).toBe(`${ben.joined.epoch}:2`);
  });

  it.each(["nonsense", "another-epoch:1", ":", "x:99999999999999999999"])(
    "starts anew, and does not fail, for the Last-Event-ID %j",
    async (lastEventId) => {
      const name = room();
      const ben = await Peer.connect(name, "ben");
      await ben.say("one");
      const query = `?since=1&epoch=${ben.joined.epoch}&history=1`;
      const ada = await EventReader.open(name, "ada", { lastEventId, query });
      expect(ada.joined).toMatchObject({ recovered: false, history: [{ content: "one" }], seq: 1 });
      expect(ada.parser.events[0]?.id).toBe(`${ben.joined.epoch}:1`);
    },
  );

  it("shows its reader as present, and gone when it leaves", async () => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    const ada = await EventReader.open(name, "ada");
    await ben.see("user_joined");
    await ada.leave();
    await ben.see("user_left");
    expect(ben.of("user_left")).toEqual([{ userId: "ada", name: "ADA" }]);
    const users = await call("GET", `/v1/rooms/${name}/users`);
    expect(await users.json()).toEqual({ users: [{ userId: "ben", name: "BEN" }] });
  });

  it("goes on while the room hibernates under it, and leaves no timer in the room", async () => {
    const name = room();
    const ada = await EventReader.open(name, "ada");
    const before = performance.now();
    await evictDurableObject(env.ROOM.getByName(name));
    // A pending timer or request would hold the eviction until its timeout.
    expect(performance.now() - before).toBeLessThan(1_000);
    const posted = await call("POST", `/v1/rooms/${name}/messages?as=ben`, {
      body: { content: "good morning" },
    });
    expect(posted.status).toBe(201);
    await ada.see("new_message");
    expect(ada.seqs).toEqual([1]);
    expect(ada.frames.filter(({ type }) => type === "joined_room")).toHaveLength(1);
  });

  it("comments every 15 s, and answers for its reader's heartbeat every 30 s (P7.6)", async () => {
    const interval = globalThis.setInterval;
    const periods: number[] = [];
    vi.stubGlobal("setInterval", (work: () => void, periodMs: number) => {
      periods.push(periodMs);
      return interval(work, periodMs / 100);
    });
    const name = room();
    const ada = await EventReader.open(name, "ada");
    const pinged = () =>
      runInDurableObject(env.ROOM.getByName(name), (_, state) =>
        state.getWebSockets().map((socket) => state.getWebSocketAutoResponseTimestamp(socket)),
      );
    expect(await pinged()).toEqual([null]);
    await ada.until(() => ada.parser.comments.length >= 3);
    expect(await pinged()).toEqual([expect.any(Date)]);
    expect(periods.sort()).toEqual([15_000, 30_000]);
    expect(ada.frames.map(({ type }) => type)).toEqual(["joined_room"]);
    await ada.leave();
  });

  it("ends after everything that was sent when the room closes the socket", async () => {
    const name = room();
    const ada = await EventReader.open(name, "ada");
    await call("POST", `/v1/rooms/${name}/messages?as=ben`, { body: { content: "bye" } });
    await call("DELETE", `/v1/rooms/${name}/users/ada`);
    await ada.until(() => ada.ended);
    expect(ada.frames.map(({ type }) => type)).toEqual(["joined_room", "new_message", "error"]);
    expect(ada.frames.at(-1)?.payload).toMatchObject({ code: "access_denied" });
  });

  it("is told when to come back if it gives way to a newer one: its EventSource would be back in 2 s", async () => {
    const name = room();
    const ada = await EventReader.open(name, "ada");
    for (let i = 0; i < 10; i++) await Peer.connect(name, "ada");
    await ada.until(() => ada.ended);
    const last = ada.frames.at(-1);
    expect(last).toMatchObject({ type: "error", payload: { code: "too_many_connections" } });
    expect(ada.parser.retry).toBe(30_000);
  });

  it("ends when its token does", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const name = room();
    const ada = await EventReader.open(name, "ada");
    vi.setSystemTime(Date.now() + 601_000);
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    await ada.until(() => ada.ended);
    expect(ada.frames.at(-1)).toMatchObject({ type: "error", payload: { code: "token_expired" } });
  });

  it("ends when the room is restarted", async () => {
    const name = room();
    const ada = await EventReader.open(name, "ada");
    await evictDurableObject(env.ROOM.getByName(name), { webSockets: "close" });
    await ada.until(() => ada.ended);
    expect(ada.frames).toHaveLength(1);
  });

  it("lets the API key listen, as whomever it names, and shows nobody for it", async () => {
    const name = room();
    const response = await call("GET", `/v1/rooms/${name}/events?as=ada`);
    expect(response.status).toBe(200);
    const users = await call("GET", `/v1/rooms/${name}/users`);
    expect(await users.json()).toEqual({ users: [] });
    await response.body?.cancel();
  });

  it("is caught up with by who missed nearly as much as a resume may bring", async () => {
    const name = room();
    const body = { content: "響".repeat(4_000), data: "x".repeat(4_000) };
    const path = `/v1/rooms/${name}/messages?as=ben`;
    for (let i = 0; i < 4; i++) {
      await Promise.all(Array.from({ length: 50 }, () => call("POST", path, { body })));
    }
    const { epoch } = await (await call("GET", `/v1/rooms/${name}/poll`)).json<{ epoch: string }>();
    const ada = await EventReader.open(name, "ada", { lastEventId: `${epoch}:0` });
    await ada.until(() => ada.seqs.length === 200);
    expect(ada.seqs).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    await ada.leave();
  });

  it("takes the token from the query, for an EventSource can send no header", async () => {
    const token = await tokenFor("ada");
    const response = await call("GET", `/v1/rooms/${room()}/events?token=${token}`, { auth: "" });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });
});

describe("who may listen, and poll", () => {
  const ways = ["/events", "/poll", "/poll?wait=1"];
  const refused = async (response: Response) => [
    response.status,
    (await response.json<{ error: { code: string } }>()).error.code,
  ];

  it.each(ways)("%s refuses no token, and a room that is not granted", async (path) => {
    const nobody = await call("GET", `/v1/rooms/${room()}${path}`, { auth: "" });
    expect(await refused(nobody)).toEqual([401, "unauthorized"]);
    const auth = await tokenFor("ada", { rooms: { other: ["read"] } });
    const elsewhere = await call("GET", `/v1/rooms/${room()}${path}`, { auth });
    expect(await refused(elsewhere)).toEqual([403, "access_denied"]);
  });

  it.each(ways)("%s refuses who is banned", async (path) => {
    const name = room();
    await call("DELETE", `/v1/rooms/${name}/users/ada?ban=60`);
    const response = await call("GET", `/v1/rooms/${name}${path}`, { auth: await tokenFor("ada") });
    expect(await refused(response)).toEqual([403, "banned"]);
  });

  it.each(ways)("%s lets the API key listen as who is banned", async (path) => {
    const name = room();
    await call("DELETE", `/v1/rooms/${name}/users/ada?ban=60`);
    const as = `${path.includes("?") ? "&" : "?"}as=ada`;
    const response = await call("GET", `/v1/rooms/${name}${path}${as}`);
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it.each(["/events?history=201", "/events?since=-1", "/poll?wait=26", "/poll?since=x"])(
    "%s is refused as invalid_request",
    async (path) => {
      const response = await call("GET", `/v1/rooms/${room()}${path}`);
      expect(await refused(response)).toEqual([400, "invalid_request"]);
    },
  );

  it("refuses one connection too many from an address, with Retry-After", async () => {
    const name = room();
    const auth = await tokenFor("ada");
    await Promise.all(Array.from({ length: 12 }, (_, i) => Peer.connect(name, `u${i}`)));
    const response = await call("GET", `/v1/rooms/${name}/events`, { auth });
    expect(response.headers.get("Retry-After")).toBe("15");
    expect(await refused(response)).toEqual([429, "too_many_connections"]);
  });

  it.each(["/events", "/poll", "/poll?wait=5"])(
    "%s answers HEAD at once, without a connection to the room",
    async (path) => {
      const name = room();
      const before = performance.now();
      const response = await call("HEAD", `/v1/rooms/${name}${path}`, {
        auth: await tokenFor("ada"),
      });
      expect(response.status).toBe(400);
      expect(performance.now() - before).toBeLessThan(2_000);
      const stats = await call("GET", `/v1/rooms/${name}/stats`);
      expect(await stats.json()).toMatchObject({ connections: 0 });
    },
  );
});
