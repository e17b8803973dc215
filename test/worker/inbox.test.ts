import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RoomObject } from "../../src/objects/room-object.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";
import { NO_TRACES, tracesOf } from "./support/traces.ts";

const name = (what: string) => `${what}-${crypto.randomUUID()}`;
const inboxPath = (userId: string) => `/v1/users/${encodeURIComponent(userId)}/notifications`;

interface Page {
  readonly notifications: readonly { seq: number; type: string; read: boolean; data?: unknown }[];
  readonly unread: number;
  readonly hasMore: boolean;
  readonly seq: number;
}

async function page(userId: string, query = ""): Promise<Page> {
  const response = await call("GET", inboxPath(userId) + query, { auth: await tokenFor(userId) });
  expect(response.status).toBe(200);
  return response.json<Page>();
}

async function rowsIn(room: string, table: "outbox" | "log"): Promise<number> {
  return runInDurableObject(env.ROOM.getByName(room), (_: RoomObject, { storage }) =>
    Number(storage.sql.exec(`SELECT COUNT(*) AS count FROM ${table}`).one()["count"]),
  );
}

describe("notifications of a backend", () => {
  it("reach every device, are stored once per key, and are counted", async () => {
    const ada = name("auth0|ada");
    const token = await tokenFor(ada, { rooms: {} });
    const room = `user:${encodeURIComponent(ada)}`;
    const phone = await Peer.connect(room, ada, { token });
    expect(phone.joined).toMatchObject({ roomId: `user:${ada}`, unread: 0, history: [] });
    const body = { type: "order", title: "Shipped", url: "/orders/17", data: { order: 17 } };
    const headers = { "Idempotency-Key": "order-17" };
    const made = await call("POST", inboxPath(ada), { body, headers });
    expect([made.status, await made.json()]).toEqual([201, { savedId: 1 }]);
    const again = await call("POST", inboxPath(ada), { body, headers });
    expect([again.status, await again.json()]).toEqual([200, { savedId: 1, duplicate: true }]);
    await phone.see("notification");
    expect(phone.of("notification")).toEqual([
      { seq: 1, id: "order-17", ...body, timestamp: expect.any(String), read: false },
    ]);
    await evictDurableObject(env.ROOM.getByName(`user:${ada}`), { webSockets: "hibernate" });
    phone.send({ type: "read_notifications", payload: { ids: [1] } });
    await phone.see("notifications_read");
    expect(phone.of("notifications_read")).toEqual([{ ids: [1], unread: 0 }]);
    expect(await page(ada)).toMatchObject({ notifications: [{ seq: 1, read: true }], unread: 0 });
    expect(await page(ada, "?unread=true")).toMatchObject({ notifications: [], hasMore: false });
  });

  it("are written by the API key alone, and read by nobody else (P8.1)", async () => {
    const ada = name("ada");
    const eve = await tokenFor("eve");
    const body = { type: "order", title: "Shipped" };
    for (const auth of [eve, await tokenFor(ada)]) {
      expect((await call("POST", inboxPath(ada), { auth, body })).status).toBe(403);
    }
    expect((await call("GET", inboxPath(ada), { auth: eve })).status).toBe(403);
    const refused = await Peer.connect(`user:${ada}`, "eve");
    expect(await refused.untilClosed()).toMatchObject({ code: 4403 });
    expect(await tracesOf(`user:${ada}`)).toEqual(NO_TRACES);
  });

  it.each([
    [{}, "type"],
    [{ type: "order" }, "title"],
    [{ type: "order", title: "x", url: "javascript:alert(1)" }, "url"],
    [{ type: "order", title: "x", url: "//evil.test" }, "url"],
    [{ type: "order", title: "x".repeat(300) }, "title"],
  ])("are checked: %o", async (body, field) => {
    const response = await call("POST", inboxPath("ada"), { body });
    const { error } = await response.json<{ error: { code: string; message: string } }>();
    expect([response.status, error.code]).toEqual([400, "invalid_request"]);
    expect(error.message).toContain(field);
  });

  it("are marked as read over HTTP as well", async () => {
    const ada = name("ada");
    for (let i = 0; i < 3; i++) {
      await call("POST", inboxPath(ada), { body: { type: "t", title: `${i}` } });
    }
    const auth = await tokenFor(ada);
    const read = (body: object) => call("POST", `/v1/rooms/user:${ada}/read`, { auth, body });
    expect((await read({ upTo: 2 })).status).toBe(204);
    expect(await page(ada)).toMatchObject({ unread: 1 });
    expect((await read({ nothing: 1 })).status).toBe(400);
  });

  it("have no messages beside them, and messages no notifications", async () => {
    const ada = name("ada");
    const auth = await tokenFor(ada);
    expect((await call("GET", `/v1/rooms/user:${ada}/messages`, { auth })).status).toBe(404);
    const body = { content: "x" };
    expect((await call("POST", `/v1/rooms/user:${ada}/messages?as=x`, { body })).status).toBe(404);
    expect((await call("GET", "/v1/rooms/document:x/messages")).status).toBe(404);
  });
});

describe("mentions and replies", () => {
  it("ring in the inbox of whoever is meant, and leave nothing waiting", async () => {
    const [room, ada, ben] = [name("room"), name("ada"), name("ben")];
    const inbox = await Peer.connect(`user:${ben}`, ben);
    const writer = await Peer.connect(room, ada);
    const other = await Peer.connect(room, ben);
    await writer.ask("send_message", { content: "psst", mentions: [ben, ada] });
    await inbox.see("notification");
    expect(inbox.of("notification")).toMatchObject([
      {
        seq: 1,
        type: "mention",
        title: "You were mentioned",
        data: { room, seq: 1, userId: ada, userName: expect.any(String) },
        read: false,
      },
    ]);
    expect(JSON.stringify(inbox.frames)).not.toContain("psst");
    await other.ask("send_message", { content: "yes?", replyTo: 1 });
    await expect.poll(() => page(ada)).toMatchObject({ notifications: [{ type: "reply" }] });
    await expect.poll(() => rowsIn(room, "outbox")).toBe(0);
  });

  it("are refused whole when they are too many, over HTTP with when to try again", async () => {
    const [room, ada] = [name("room"), name("ada")];
    const writers = Array.from({ length: 20 }, () => name("writer"));
    const post = async (userId: string, body: object) =>
      call("POST", `/v1/rooms/${room}/messages`, { auth: await tokenFor(userId), body });
    for (const writer of writers) await post(writer, { content: "here" });
    expect((await post(ada, { content: "all", mentions: writers })).status).toBe(201);
    const refused = await post(ada, { content: "again", mentions: writers });
    expect(refused.status).toBe(429);
    // 20 s from when the first twenty were taken, less what has passed since.
    const retryAfter = Number(refused.headers.get("Retry-After"));
    expect(retryAfter).toBeGreaterThan(10);
    expect(retryAfter).toBeLessThanOrEqual(20);
    expect((await post(ada, { content: "alone" })).status).toBe(201);
    expect(await rowsIn(room, "log")).toBe(22);
  });

  it("are delivered by the alarm when the room died before it could, and once (P8.2)", async () => {
    const [room, ada, ben] = [name("room"), name("ada"), name("ben")];
    const stub = env.ROOM.getByName(room);
    await call("POST", `/v1/rooms/${room}/messages?as=${ada}`, { body: { content: "hi" } });
    await runInDurableObject(stub, (_: RoomObject, { storage }) => {
      for (const id of [1, 2]) {
        storage.sql.exec(
          "INSERT INTO outbox (id, recipient, source, key, content, tries, due) VALUES (?, ?, 7, ?, ?, 0, 0)",
          id,
          ben,
          `${room}#epoch#7`,
          JSON.stringify({ type: "mention", title: "You were mentioned", data: { userId: ada } }),
        );
      }
      return storage.setAlarm(Date.now() + 60_000);
    });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await page(ben)).toMatchObject({ notifications: [{ seq: 1 }], unread: 1, seq: 1 });
    expect(await rowsIn(room, "outbox")).toBe(0);
  });

  it("are not forgotten when the platform gave the alarm up: the room's next life sets it again", async () => {
    const [room, ben] = [name("room"), name("ben")];
    const stub = env.ROOM.getByName(room);
    const body = { content: "psst" };
    const say = () => call("POST", `/v1/rooms/${room}/messages?as=ada`, { body });
    await say();
    await runInDurableObject(stub, async (_: RoomObject, { storage }) => {
      const content = JSON.stringify({ type: "mention", title: "You were mentioned" });
      storage.sql.exec(
        "INSERT INTO outbox (recipient, source, key, content, tries, due) VALUES (?, 1, ?, ?, 0, 0)",
        ben,
        `${room}#epoch#1`,
        content,
      );
      const rest = "INSERT INTO resting (carrier, recipient, tries, due) VALUES ('inbox', ?, 5, ?)";
      storage.sql.exec(rest, ben, Date.now());
      await storage.deleteAlarm();
    });
    await evictDurableObject(stub);
    await say();
    await expect.poll(() => page(ben)).toMatchObject({ unread: 1 });
    await expect.poll(() => rowsIn(room, "outbox")).toBe(0);
  });
});

describe("topics", () => {
  it("hand the last value to whoever joins, also after a hibernation, and count deliveries (P8.5)", async () => {
    const topic = name("topic:load");
    const watcher = await Peer.connect(topic, "ada", {
      token: await tokenFor("ada", { rooms: { "topic:*": ["read"] } }),
    });
    expect(watcher.joined).toMatchObject({ last: {}, history: [], users: [] });
    const publish = (data: number) =>
      call("POST", `/v1/rooms/${topic}/publish`, { body: { event: "cpu", data, conflate: true } });
    const first = await publish(1);
    expect([first.status, await first.json()]).toEqual([202, { delivered: 1 }]);
    await publish(2);
    await watcher.see("event", 2);
    await evictDurableObject(env.ROOM.getByName(topic), { webSockets: "hibernate" });
    const late = await Peer.connect(topic, "ben");
    expect(late.joined.last).toEqual({ cpu: { data: 2, timestamp: expect.any(String) } });
    const reader = await tokenFor("ada", { rooms: { "topic:*": ["read"] } });
    const refused = await call("POST", `/v1/rooms/${topic}/publish`, {
      auth: reader,
      body: { event: "cpu", data: 3 },
    });
    expect(refused.status).toBe(403);
  });

  it("take no messages (P1.6)", async () => {
    const topic = name("topic:load");
    const peer = await Peer.connect(topic, "ada");
    expect(await peer.say("x")).toMatchObject({ success: false, error: { code: "unknown_type" } });
  });
});

describe("a stranger", () => {
  it("is turned away before a room comes to be (P2.7)", async () => {
    const room = name("room");
    const auth = await tokenFor("eve", { rooms: {} });
    const peer = await Peer.connect(room, "eve", { token: auth });
    expect(await peer.untilClosed()).toMatchObject({ code: 4403 });
    for (const [method, path] of [
      ["GET", "/messages"],
      ["GET", "/users"],
      ["POST", "/read"],
    ] as const) {
      const body = method === "POST" ? { body: { upTo: 1 } } : {};
      const response = await call(method, `/v1/rooms/${room}${path}`, { auth, ...body });
      expect(response.status, path).toBe(403);
      expect(await response.text()).toContain("grants nothing");
    }
    const mine = await tokenFor("mod", { rooms: { "*": ["moderate"] } });
    const typo = await call("DELETE", `/v1/rooms/${room}/users/a%zz?ban=5`, { auth: mine });
    expect(typo.status).toBe(400);
  });
});
