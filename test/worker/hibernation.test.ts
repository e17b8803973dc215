import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { RoomObject } from "../../src/objects/room-object.ts";
import type { Permission } from "../../src/protocol/grant.ts";
import { Lobby } from "../../src/room/attendance/lobby.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";
import { tracesOf } from "./support/traces.ts";

const room = () => `room-${crypto.randomUUID()}`;

// The clock stands still unless a test moves it; timers run as ever.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("hibernation", () => {
  it("goes on with the same sockets, people, log and dedupe window after an eviction", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben", { wire: "msgpack" });
    await ada.say("before", "m-1");
    await evictDurableObject(env.ROOM.getByName(name));
    expect(await ada.say("before", "m-1")).toEqual({ success: true, savedId: 1, duplicate: true });
    expect(await ada.say("after")).toEqual({ success: true, savedId: 2 });
    await ben.see("new_message", 2);
    const eve = await Peer.connect(name, "eve");
    expect(eve.joined.epoch).toBe(ada.joined.epoch);
    expect(eve.joined.users.map(({ userId }: { userId: string }) => userId).sort()).toEqual([
      "ada",
      "ben",
      "eve",
    ]);
  });

  it("keeps a receipt that only an attachment holds", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("one");
    ada.send({ type: "read_messages", payload: { upTo: 1 } });
    await ada.settle();
    await evictDurableObject(env.ROOM.getByName(name));
    const ben = await Peer.connect(name, "ben");
    expect(ben.joined.reads).toEqual({ ada: 1 });
  });

  it("leaves no timer behind when the room is idle", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("one");
    // A pending timer or request would hold the eviction until its timeout.
    const before = performance.now();
    await evictDurableObject(env.ROOM.getByName(name));
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe("the alarm of a room that slept", () => {
  /** Counts the alarms that are set, of whatever object. */
  async function alarmsOf(name: string): Promise<MockInstance> {
    return runInDurableObject(env.ROOM.getByName(name), (_, { storage }) =>
      vi.spyOn(Object.getPrototypeOf(storage), "setAlarm"),
    );
  }

  it.each([
    ["a request", (name: string, _: Peer) => call("GET", `/v1/rooms/${name}/users`)],
    ["a frame", (_: string, peer: Peer) => peer.settle()],
  ])("is set again at %s when the platform has given it up", async (_, visit) => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const stub = env.ROOM.getByName(name);
    await runInDurableObject(stub, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(stub);
    await visit(name, ada);
    const alarm = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now());
    expect(alarm).toBeLessThanOrEqual(Date.now() + 120_000);
  });

  it("costs one written row when it wakes the room, for the next one", async () => {
    const name = room();
    await Peer.connect(name, "ada", { wire: "plain" });
    await call("DELETE", `/v1/rooms/${name}/users/eve?ban=60`);
    const banned = Date.now();
    const stub = env.ROOM.getByName(name);
    // With the report out of the way, the end of the ban is next.
    vi.setSystemTime(banned + 8_000);
    await runDurableObjectAlarm(stub);
    await expect.poll(() => tracesOf(name)).toMatchObject({ alarm: banned + 60_000 });
    const alarms = await alarmsOf(name);
    await evictDurableObject(stub);
    vi.setSystemTime(banned + 60_000);
    await runDurableObjectAlarm(stub);
    await vi.waitFor(() => expect(alarms).toHaveBeenCalled());
    expect(alarms.mock.calls).toHaveLength(1);
    alarms.mockRestore();
  });

  it("is not held up by inboxes that hang", async () => {
    const name = room();
    await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: "hi" } });
    const stub = env.ROOM.getByName(name);
    const ben = `ben-${crypto.randomUUID()}`;
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO outbox (recipient, source, key, content, tries, due) VALUES (?, 1, 'k', ?, 0, 0)",
        ben,
        JSON.stringify({ type: "mention", title: "You were mentioned" }),
      );
      return storage.setAlarm(Date.now() + 60_000);
    });
    const hanging = Promise.withResolvers<never>();
    const deliver = vi.spyOn(RoomObject.prototype, "deliver");
    deliver.mockImplementation(() => hanging.promise);
    const started = performance.now();
    await runDurableObjectAlarm(stub);
    expect(performance.now() - started).toBeLessThan(3_000);
    await vi.waitFor(() => expect(deliver).toHaveBeenCalled());
    hanging.reject(new Error("It hung."));
    deliver.mockRestore();
  });
});

describe("a join that fails", () => {
  it("leaves nobody behind, and the next one is let in", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const join = vi.spyOn(Lobby.prototype, "join");
    join.mockImplementationOnce(function (this: Lobby, entrance, now) {
      join.mockRestore();
      this.join(entrance, now);
      throw new Error("The disk is full.");
    });
    await Peer.connect(name, "ben").catch(() => undefined);
    await vi.waitFor(() => expect(ada.of("user_left")).toEqual([{ userId: "ben", name: "BEN" }]));
    const users = await (await call("GET", `/v1/rooms/${name}/users`)).json();
    expect(users).toEqual({ users: [{ userId: "ada", name: "ADA" }] });
    const stats = await (await call("GET", `/v1/rooms/${name}/stats`)).json();
    expect(stats).toMatchObject({ connections: 1 });
    expect((await Peer.connect(name, "ben")).joined.users).toHaveLength(2);
  });
});

describe("storage", () => {
  it("writes exactly one row for a plain chat message", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("the first");
    const stub = env.ROOM.getByName(name);
    let written = 0;
    await runInDurableObject(stub, (_, { storage }) => {
      const exec = storage.sql.exec.bind(storage.sql);
      storage.sql.exec = ((...args: Parameters<typeof exec>) => {
        const cursor = exec(...args);
        written += cursor.rowsWritten;
        return cursor;
      }) as typeof exec;
    });
    await ada.say("the second");
    expect(written).toBe(1);
  });

  it("leaves no trace of a deleted message's content, nor of its edits (P5.9)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("secret-one");
    await ada.ask("edit_message", { seq: 1, content: "secret-two" });
    await ada.ask("edit_message", { seq: 1, content: "secret-three" });
    await ada.ask("delete_message", { seq: 1 });
    const rows = await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) =>
      JSON.stringify(storage.sql.exec("SELECT * FROM log").toArray()),
    );
    expect(rows).not.toContain("secret");
  });
});

describe("alarms", () => {
  it("ends a connection at its token's exp with 4401, unless it was renewed (P2.11)", async () => {
    const name = room();
    const short = { ttlSeconds: 1 };
    const ada = await Peer.connect(name, "ada", { token: await tokenFor("ada", short) });
    const ben = await Peer.connect(name, "ben", { token: await tokenFor("ben", short) });
    ben.send({ type: "refresh_token", payload: { token: await tokenFor("eve") } });
    await ben.see("error");
    expect(ben.of("error")[0].code).toBe("unauthorized");
    ben.send({ type: "refresh_token", payload: { token: await tokenFor("ben") } });
    await ben.see("token_refreshed");
    vi.setSystemTime(Date.now() + 1_100);
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    expect((await ada.untilClosed()).code).toBe(4401);
    expect(await ben.say("still here")).toMatchObject({ success: true });
  });
});

describe("heartbeats", () => {
  it("are answered byte for byte, and a peer without them is closed with 4408 at the sweep (P3.7)", async () => {
    const name = room();
    const silent = await Peer.connect(name, "silent");
    const plain = await Peer.connect(name, "plain", { wire: "plain" });
    const alive = await Peer.connect(name, "alive");
    vi.setSystemTime(Date.now() + 120_000);
    alive.socket.send('{"type":"ping"}');
    await alive.see("pong");
    expect(alive.raw.at(-1)).toBe('{"type":"pong"}');
    await alive.settle();
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    expect((await silent.untilClosed()).code).toBe(4408);
    await alive.see("user_left");
    expect(await alive.say("still here")).toMatchObject({ success: true });
    expect(await plain.say("me too")).toMatchObject({ success: true });
  });
});

describe("the dedupe window", () => {
  it("remembers a messageId for five minutes and no longer", async () => {
    const ada = await Peer.connect(room(), "ada");
    await ada.say("hi", "m-1");
    vi.setSystemTime(Date.now() + 299_000);
    expect(await ada.say("hi", "m-1")).toEqual({ success: true, savedId: 1, duplicate: true });
    vi.setSystemTime(Date.now() + 2_000);
    expect(await ada.say("hi", "m-1")).toEqual({ success: true, savedId: 2 });
  });
});

describe("a renewed token", () => {
  it("brings its own grants, and none to read ends the connection with 4403", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const renew = async (permissions: readonly Permission[]) => {
      const token = await tokenFor("ada", { rooms: { [name]: permissions } });
      ada.send({ type: "refresh_token", payload: { token } });
    };
    await renew(["read"]);
    await ada.see("token_refreshed");
    expect(await ada.say("muted")).toMatchObject({ error: { code: "access_denied" } });
    await renew([]);
    expect((await ada.untilClosed()).code).toBe(4403);
  });
});

describe("moderation", () => {
  it("kicks with 4403, and a ban holds over an eviction until it is lifted (P7.10)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const kicked = await call("DELETE", `/v1/rooms/${name}/users/ada?ban=60`);
    expect(await kicked.json()).toMatchObject({ disconnected: 1, bannedUntil: expect.any(String) });
    expect((await ada.untilClosed()).code).toBe(4403);
    await evictDurableObject(env.ROOM.getByName(name));
    const again = await Peer.connect(name, "ada");
    expect(again.of("error")[0].code).toBe("banned");
    expect((await again.untilClosed()).code).toBe(4403);
    const posted = await call("POST", `/v1/rooms/${name}/messages`, {
      auth: await tokenFor("ada"),
      body: { content: "x" },
    });
    expect(posted.status).toBe(403);
    expect((await call("DELETE", `/v1/rooms/${name}/bans/ada`)).status).toBe(204);
    expect((await Peer.connect(name, "ada")).joined.userId).toBe("ada");
  });
});
