import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tracesOf } from "./support/traces.ts";

const ERROR = {
  code: "internal",
  message: expect.stringContaining("newer version"),
  retryable: true,
};

/** A room with one message. */
async function writtenRoom(): Promise<string> {
  const room = `room-${crypto.randomUUID()}`;
  await call("POST", `/v1/rooms/${room}/messages?as=ada`, { body: { content: "hi" } });
  return room;
}

/** What code of tomorrow does to a room's tables while this code is away. */
async function migrateFurther(room: string): Promise<void> {
  const stub = env.ROOM.getByName(room);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec("ALTER TABLE log RENAME COLUMN payload TO body");
    storage.sql.exec("INSERT INTO migrations (step) VALUES (1000)");
  });
  await evictDurableObject(stub);
}

/** Everything in a room's storage but its alarm. */
function contents(room: string): Promise<unknown> {
  return runInDurableObject(env.ROOM.getByName(room), (_, { storage }) =>
    storage.sql
      .exec(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
      )
      .toArray()
      .map(({ name }) => [name, storage.sql.exec(`SELECT * FROM "${String(name)}"`).toArray()]),
  );
}

describe("a room that newer code wrote", () => {
  it("refuses everything with an error that says so, and changes nothing", async () => {
    const room = await writtenRoom();
    await migrateFurther(room);
    const before = await contents(room);
    const requests = [
      ["GET", "messages"],
      ["GET", "poll"],
      ["GET", "poll?wait=1"],
      ["GET", "events"],
      ["GET", "users"],
      ["GET", "stats"],
      ["POST", "messages?as=ada", { content: "x" }],
      ["POST", "publish", { event: "x", data: 1 }],
      ["POST", "read?as=ada", { upTo: 1 }],
      ["DELETE", "users/ada?ban=60"],
      ["DELETE", "bans/ada"],
      ["DELETE", ""],
    ] as const;
    for (const [method, path, body] of requests) {
      const url = `/v1/rooms/${room}${path === "" ? "" : `/${path}`}`;
      const response = await call(method, url, body === undefined ? {} : { body });
      expect([path, response.status, await response.json()]).toEqual([path, 500, { error: ERROR }]);
    }
    const ada = await Peer.connect(room, "ada");
    expect(ada.of("error")).toEqual([ERROR]);
    expect((await ada.untilClosed()).code).toBe(1011);
    expect(await contents(room)).toEqual(before);
  });

  it("ends whoever hibernated in it with 1012, and keeps the alarm for the newer code", async () => {
    const room = await writtenRoom();
    const stub = env.ROOM.getByName(room);
    const ada = await Peer.connect(room, "ada");
    await migrateFurther(room);
    const before = await contents(room);
    expect((await ada.untilClosed()).code).toBe(1012);
    await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + 60_000));
    await runDurableObjectAlarm(stub);
    expect((await tracesOf(room)).alarm).toBeGreaterThan(Date.now());
    expect(await contents(room)).toEqual(before);
  });

  it("has inboxes keep notices for it", async () => {
    const ben = `ben-${crypto.randomUUID()}`;
    const notify = () =>
      call("POST", `/v1/users/${ben}/notifications`, { body: { type: "t", title: "t" } });
    expect((await notify()).status).toBe(201);
    const inbox = env.ROOM.getByName(`user:${ben}`);
    await runInDurableObject(inbox, (_, { storage }) => {
      storage.sql.exec("INSERT INTO migrations (step) VALUES (1000)");
    });
    await evictDurableObject(inbox);
    expect((await notify()).status).toBe(500);
    const notice = { recipient: ben, source: 1, key: "k", content: { type: "t", title: "t" } };
    expect(await inbox.deliver([notice, notice])).toEqual([
      { ok: false, error: ERROR },
      { ok: false, error: ERROR },
    ]);
  });
});
