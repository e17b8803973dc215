import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shardOf } from "../../src/metrics/shard.ts";
import { PERMISSIONS } from "../../src/protocol/grant.ts";
import { EventReader } from "./support/event-reader.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";
import { countWrites, NO_TRACES, tracesOf } from "./support/traces.ts";

const KINDS = ["room", "topic:t", "user:u", "document:d"] as const;
type Kind = (typeof KINDS)[number];

const named = (kind: Kind) => `${kind}-${crypto.randomUUID()}`;
const tokenIn = (room: string) => tokenFor("ada", { rooms: { [room]: PERMISSIONS } });

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function untilEmpty(room: string): Promise<void> {
  await vi.waitFor(async () => {
    const { connections } = await (await call("GET", `/v1/rooms/${room}/stats`)).json<{
      connections: number;
    }>();
    expect(connections).toBe(0);
  });
}

describe("a name that nobody wrote to", () => {
  it.each(
    KINDS.flatMap((kind) =>
      [
        "GET messages",
        "GET users",
        "GET stats",
        "GET poll",
        "GET poll?since=3&epoch=of-another-life",
        "GET poll?wait=1",
        "DELETE bans/eve",
        "DELETE users/eve",
        "PATCH messages/1",
        "POST read",
      ].map((request) => [kind, request] as const),
    ),
  )("keeps nothing of %s being asked: %s", async (kind, request) => {
    const room = named(kind);
    const written = await countWrites(room);
    const [method = "", path = ""] = request.split(" ");
    const bodies: Record<string, object> = { PATCH: { content: "x" }, POST: { upTo: 3 } };
    const body = bodies[method];
    const response = await call(method, `/v1/rooms/${room}/${path}`, {
      auth: await tokenIn(room),
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBeLessThan(500);
    await response.text();
    await untilEmpty(room);
    await vi.waitFor(async () => expect(await tracesOf(room)).toEqual(NO_TRACES));
    expect(written()).toBe(0);
  });

  it("keeps nothing of notifications being asked for", async () => {
    const ada = `ada-${crypto.randomUUID()}`;
    const auth = await tokenFor(ada);
    const response = await call("GET", `/v1/users/${ada}/notifications`, { auth });
    expect(await response.json()).toMatchObject({ notifications: [], unread: 0, seq: 0 });
    expect(await tracesOf(`user:${ada}`)).toEqual(NO_TRACES);
  });

  it.each(KINDS)("keeps nothing of a %s that was joined, and left", async (kind) => {
    const room = named(kind);
    const written = await countWrites(room);
    const token = await tokenIn(room);
    const ada = await Peer.connect(room, "ada", { token });
    expect(ada.frames[0]?.payload).toMatchObject(
      kind === "document:d" ? { version: 0 } : { seq: 0, recovered: false },
    );
    expect((await tracesOf(room)).alarm).not.toBeNull();
    ada.close();
    await ada.untilClosed();
    vi.setSystemTime(Date.now() + 60_000);
    await untilEmpty(room);
    await vi.waitFor(async () => expect(await tracesOf(room)).toEqual(NO_TRACES));
    expect(written()).toBe(0);
  });

  it("keeps nothing of an event stream that its reader left", async () => {
    const room = named("room");
    const stream = await EventReader.open(room, "ada");
    await stream.leave();
    await untilEmpty(room);
    await vi.waitFor(async () => expect(await tracesOf(room)).toEqual(NO_TRACES));
  });

  it("keeps nothing of whoever vanished with a crash", async () => {
    const room = named("room");
    await Peer.connect(room, "ada");
    await evictDurableObject(env.ROOM.getByName(room), { webSockets: "close" });
    await runDurableObjectAlarm(env.ROOM.getByName(room));
    expect(await tracesOf(room)).toEqual(NO_TRACES);
  });

  it("keeps nothing of whoever was refused", async () => {
    const room = named("room");
    for (let i = 0; i < 10; i++) await Peer.connect(room, `u${i}`);
    const refused = await Peer.connect(room, "eve", {
      token: await tokenFor("eve", { rooms: {} }),
    });
    expect((await refused.untilClosed()).code).toBe(4403);
    expect((await tracesOf(room)).tables).not.toContain("log");
  });

  it("has one epoch for all who are there, over a hibernation and from the first write on", async () => {
    const room = named("room");
    const ada = await Peer.connect(room, "ada");
    await evictDurableObject(env.ROOM.getByName(room));
    const ben = await Peer.connect(room, "ben");
    expect(ben.joined.epoch).toBe(ada.joined.epoch);
    await evictDurableObject(env.ROOM.getByName(room));
    expect(await ben.say("the first")).toEqual({ success: true, savedId: 1 });
    await ada.see("new_message");
    const cursor = `?since=0&epoch=${ada.joined.epoch}`;
    const again = await Peer.connect(room, "ada", { query: cursor });
    expect(again.joined).toMatchObject({ recovered: true, epoch: ada.joined.epoch });
    await again.see("new_message");
  });

  it("takes back a first write that failed whole, and stores the next", async () => {
    const room = named("room");
    const ada = await Peer.connect(room, "ada");
    const stub = env.ROOM.getByName(room);
    await runInDurableObject(stub, (_, { storage }) => {
      const exec = storage.sql.exec.bind(storage.sql);
      storage.sql.exec = ((statement: string, ...rest: unknown[]) => {
        if (statement.startsWith("INSERT INTO log")) {
          storage.sql.exec = exec;
          throw new Error("disk full");
        }
        return exec(statement, ...rest);
      }) as typeof exec;
    });
    expect(await ada.say("lost")).toMatchObject({ success: false, error: { code: "internal" } });
    expect((await tracesOf(room)).tables).not.toContain("log");
    expect(await ada.say("kept")).toEqual({ success: true, savedId: 1 });
    expect((await Peer.connect(room, "ben")).joined.epoch).toBe(ada.joined.epoch);
  });

  it("counts each connection once in the metrics, over a hibernation too", async () => {
    const room = named("room");
    const shard = env.METRICS.getByName(shardOf(room));
    const connections = async () => (await shard.snapshot()).connections;
    const before = await connections();
    const ada = await Peer.connect(room, "ada");
    const report = async () => {
      vi.setSystemTime(Date.now() + 8_000);
      await runDurableObjectAlarm(env.ROOM.getByName(room));
    };
    await report();
    expect(await connections()).toBe(before + 1);
    await evictDurableObject(env.ROOM.getByName(room));
    ada.send({ type: "refresh_token", payload: { token: await tokenFor("ada") } });
    await ada.see("token_refreshed");
    await evictDurableObject(env.ROOM.getByName(room));
    const ben = await Peer.connect(room, "ben");
    await report();
    expect(await connections()).toBe(before + 2);
    for (const peer of [ada, ben]) {
      peer.close();
      await peer.untilClosed();
    }
    await vi.waitFor(async () => expect(await connections()).toBe(before));
    expect(await tracesOf(room)).toEqual(NO_TRACES);
  });
});
