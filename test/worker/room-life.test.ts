import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PERMISSIONS } from "../../src/protocol/grant.ts";
import { INNER_VERSION } from "../../src/protocol/inner-version.ts";
import { EventReader } from "./support/event-reader.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";
import { NO_TRACES, tracesOf } from "./support/traces.ts";

const room = () => `room-${crypto.randomUUID()}`;

const BACKEND = { userId: "system", name: "system", permissions: [], backend: true } as const;

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function epochOf(name: string): Promise<string> {
  const response = await call("GET", `/v1/rooms/${name}/poll`);
  return (await response.json<{ epoch: string }>()).epoch;
}

function post(name: string, content: string, as = "ada"): Promise<Response> {
  return call("POST", `/v1/rooms/${name}/messages?as=${as}`, { body: { content } });
}

describe("DELETE of a room", () => {
  it("ends every connection with 4403 deleted, erases all, and begins anew with another epoch (P1.2)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const plain = await Peer.connect(name, "ben", { wire: "plain" });
    const stream = await EventReader.open(name, "eve");
    await ada.say("one", "m-1");
    const cursor = `since=1&epoch=${ada.joined.epoch}`;
    expect((await call("DELETE", `/v1/rooms/${name}`)).status).toBe(204);
    for (const peer of [ada, plain]) {
      expect(await peer.untilClosed()).toEqual({ code: 4403, reason: "deleted" });
      expect(peer.of("error")).toMatchObject([{ code: "access_denied", retryable: false }]);
    }
    await stream.see("error");
    await stream.until(() => stream.ended);
    expect(await tracesOf(name)).toEqual(NO_TRACES);
    const poll = await call("GET", `/v1/rooms/${name}/poll?${cursor}`);
    expect(await poll.json()).toMatchObject({ recovered: false, events: [], seq: 0 });
    const again = await Peer.connect(name, "ada", { query: `?${cursor}` });
    expect(again.joined).toMatchObject({ seq: 0, recovered: false, history: [], users: [{}] });
    expect(again.joined.epoch).not.toBe(ada.joined.epoch);
    // Neither the dedupe window nor the numbers of the old life are in the new one.
    expect(await again.say("one", "m-1")).toEqual({ success: true, savedId: 1 });
    const stats = await (await call("GET", `/v1/rooms/${name}/stats`)).json();
    expect(stats).toMatchObject({ messages: 1, connections: 1, connects: { websocket: 1 } });
    await evictDurableObject(env.ROOM.getByName(name));
    expect((await Peer.connect(name, "ben")).joined.epoch).toBe(again.joined.epoch);
  });

  it.each(["general", "topic:t", "user:u", "user:auth0%7Cu"])(
    "answers 204 for a %s that was never written, and creates nothing",
    async (kind) => {
      const name = `${kind}-${crypto.randomUUID()}`;
      for (let i = 0; i < 2; i++) {
        expect((await call("DELETE", `/v1/rooms/${name}`)).status).toBe(204);
      }
      expect(await tracesOf(decodeURIComponent(name))).toEqual(NO_TRACES);
    },
  );

  it("ends whoever is in a room without a word, and gives it another epoch", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await call("DELETE", `/v1/rooms/${name}`);
    expect(await ada.untilClosed()).toEqual({ code: 4403, reason: "deleted" });
    expect(await epochOf(name)).not.toBe(ada.joined.epoch);
    expect(await tracesOf(name)).toEqual(NO_TRACES);
  });

  it("takes bans, receipts, last values, read marks and waiting notices along", async () => {
    const [chat, ben] = [room(), `ben-${crypto.randomUUID()}`];
    const [topic, inbox] = [`topic:${room()}`, `user:${ben}`];
    await post(chat, "hi");
    await call("POST", `/v1/rooms/${chat}/read?as=ada`, { body: { upTo: 1 } });
    await call("DELETE", `/v1/rooms/${chat}/users/eve?ban=60`);
    await runInDurableObject(env.ROOM.getByName(chat), (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO outbox (recipient, source, key, content, tries, due, at) VALUES (?, 1, 'k', '{}', 0, 0, 0)",
        ben,
      );
      const rest = "INSERT INTO resting (carrier, recipient, tries, due) VALUES ('inbox', ?, 9, ?)";
      storage.sql.exec(rest, ben, Date.now() + 1_000);
    });
    await call("POST", `/v1/rooms/${topic}/publish`, { body: { event: "price", data: 1 } });
    const body = { type: "t", title: "t" };
    await call("POST", `/v1/users/${ben}/notifications`, { body });
    await call("POST", `/v1/rooms/${inbox}/read?as=${ben}`, { body: { upTo: 1 } });
    for (const name of [chat, topic, inbox]) {
      expect((await call("DELETE", `/v1/rooms/${name}`)).status).toBe(204);
      expect(await tracesOf(name)).toEqual(NO_TRACES);
    }
    const eve = await Peer.connect(chat, "eve");
    expect(eve.joined).toMatchObject({ reads: {}, seq: 0 });
    const poll = await call("GET", `/v1/rooms/${topic}/poll`);
    expect(await poll.json()).toMatchObject({ last: {} });
    await call("POST", `/v1/users/${ben}/notifications`, { body });
    const page = await call("GET", `/v1/users/${ben}/notifications`);
    expect(await page.json()).toMatchObject({
      unread: 1,
      seq: 1,
      notifications: [{ read: false }],
    });
  });

  it("is for the API key alone (P7.9)", async () => {
    const name = room();
    await post(name, "hi");
    const auth = await tokenFor("ada", { rooms: { "*": PERMISSIONS } });
    const refused = await call("DELETE", `/v1/rooms/${name}`, { auth });
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { error: { code: "access_denied" } },
    ]);
    expect((await call("DELETE", `/v1/rooms/${name}`, { auth: "" })).status).toBe(401);
    expect(await epochOf(name)).toBe(await epochOf(name));
    expect((await tracesOf(name)).tables).toContain("log");
  });

  it("loses no frame of whoever comes right after it", async () => {
    const name = room();
    await post(name, "old");
    const answers = await Promise.all([
      call("DELETE", `/v1/rooms/${name}`),
      ...Array.from({ length: 20 }, (_, i) => post(name, `new-${i}`)),
    ]);
    expect(answers.slice(1).every(({ ok }) => ok)).toBe(true);
    await evictDurableObject(env.ROOM.getByName(name));
    const page = await call("GET", `/v1/rooms/${name}/messages`);
    const { messages, seq } = await page.json<{ messages: { seq: number }[]; seq: number }>();
    expect(messages.map((message) => message.seq)).toEqual(
      Array.from({ length: seq }, (_, i) => i + 1),
    );
  });
});

describe("a deletion that waits while the room is deleted", () => {
  it("leaves its line in the log", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
    const name = room();
    try {
      const mo = await Peer.connect(name, "mo", {
        token: await tokenFor("mo", { rooms: { [name]: ["read", "moderate"] } }),
      });
      await post(name, "to be deleted");
      await runInDurableObject(env.ROOM.getByName(name), async (object) => {
        const frame = {
          type: "delete_message" as const,
          messageId: "d-1",
          payload: { seq: 1 },
        };
        const actor = { userId: "mo", name: "Mo", permissions: ["read", "moderate"] as const };
        const deleted = object.submit({ ...actor, version: INNER_VERSION }, frame);
        await object.erase({ ...BACKEND, version: INNER_VERSION });
        expect(await deleted).toMatchObject({ ok: true });
      });
      await mo.untilClosed();
    } finally {
      log.mockRestore();
    }
    const audits = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "audit");
    expect(audits.map(({ action }) => action)).toEqual(["delete_message", "delete_room"]);
  });
});

describe("a room that has become empty", () => {
  it("vanishes at the end of its last ban, with another epoch in its next life", async () => {
    const name = room();
    await call("DELETE", `/v1/rooms/${name}/users/eve?ban=60`);
    const epoch = await epochOf(name);
    expect((await tracesOf(name)).tables).toContain("bans");
    await evictDurableObject(env.ROOM.getByName(name));
    vi.setSystemTime(Date.now() + 60_000);
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    await vi.waitFor(async () => expect(await tracesOf(name)).toEqual(NO_TRACES));
    expect(await epochOf(name)).not.toBe(epoch);
  });

  it("vanishes when a ban was lifted that was all it had", async () => {
    const name = room();
    await call("DELETE", `/v1/rooms/${name}/users/eve?ban=60`);
    await call("DELETE", `/v1/rooms/${name}/bans/eve`);
    await vi.waitFor(async () => expect(await tracesOf(name)).toEqual(NO_TRACES));
  });

  it("vanishes with the last of a topic's values, and not before its watcher has left", async () => {
    const name = `topic:${room()}`;
    const publish = (event: string) =>
      call("POST", `/v1/rooms/${name}/publish`, { body: { event, data: 1 } });
    await publish("a/b");
    await publish("__c");
    const forget = (event: string, auth?: string) =>
      call("DELETE", `/v1/rooms/${name}/last/${event}`, auth === undefined ? {} : { auth });
    const watcher = await Peer.connect(name, "ada");
    expect((await forget("a%2Fb", await tokenFor("ada"))).status).toBe(403);
    expect((await forget("a%2Fb")).status).toBe(204);
    expect((await forget("a%2Fb")).status).toBe(404);
    expect((await Peer.connect(name, "ben")).joined.last).toEqual({ __c: expect.anything() });
    const moderator = await tokenFor("mo", { rooms: { [name]: ["moderate"] } });
    expect((await forget("__c", moderator)).status).toBe(204);
    expect(await epochOf(name)).toBe(watcher.joined.epoch);
    expect((await tracesOf(name)).tables).toContain("last_values");
    await call("DELETE", `/v1/rooms/${name}/users/ada`);
    await call("DELETE", `/v1/rooms/${name}/users/ben`);
    await vi.waitFor(async () => expect(await tracesOf(name)).toEqual(NO_TRACES));
    expect(await epochOf(name)).not.toBe(watcher.joined.epoch);
  });

  it("has another epoch in its next life also for a watcher that was there before its first write", async () => {
    const name = `topic:${room()}`;
    const watcher = await Peer.connect(name, "ada");
    await call("POST", `/v1/rooms/${name}/publish`, { body: { event: "price", data: 1 } });
    await call("DELETE", `/v1/rooms/${name}/last/price`);
    watcher.close();
    await watcher.untilClosed();
    await vi.waitFor(async () => expect(await tracesOf(name)).toEqual(NO_TRACES));
    const next = await Peer.connect(name, "ada");
    expect(next.joined.epoch).not.toBe(watcher.joined.epoch);
    await evictDurableObject(env.ROOM.getByName(name));
    expect((await Peer.connect(name, "ben")).joined.epoch).toBe(next.joined.epoch);
  });

  it("has another epoch in its next life also when the last watcher goes while it sleeps", async () => {
    const name = `topic:${room()}`;
    const watcher = await Peer.connect(name, "ada");
    await call("POST", `/v1/rooms/${name}/publish`, { body: { event: "price", data: 1 } });
    await call("DELETE", `/v1/rooms/${name}/last/price`);
    await evictDurableObject(env.ROOM.getByName(name));
    watcher.close();
    await watcher.untilClosed();
    await vi.waitFor(async () => expect(await tracesOf(name)).toEqual(NO_TRACES));
    expect((await Peer.connect(name, "ada")).joined.epoch).not.toBe(watcher.joined.epoch);
  });

  it("vanishes at its next visit when a release had made it by reading alone", async () => {
    const name = room();
    await call("DELETE", `/v1/rooms/${name}/users/eve?ban=60`);
    await runInDurableObject(env.ROOM.getByName(name), async (_, { storage }) => {
      storage.sql.exec("DELETE FROM bans");
      await storage.deleteAlarm();
    });
    await evictDurableObject(env.ROOM.getByName(name));
    expect((await call("GET", `/v1/rooms/${name}/users`)).status).toBe(200);
    expect(await tracesOf(name)).toEqual(NO_TRACES);
  });

  it("has no last values to forget unless it is a topic", async () => {
    expect((await call("DELETE", `/v1/rooms/${room()}/last/price`)).status).toBe(404);
  });

  it("goes on as another life in the same memory when somebody comes back at once", async () => {
    const name = room();
    await call("DELETE", `/v1/rooms/${name}/users/eve?ban=1`);
    vi.setSystemTime(Date.now() + 1_000);
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    await vi.waitFor(async () => expect(await tracesOf(name)).toEqual(NO_TRACES));
    const ada = await Peer.connect(name, "ada");
    expect(await ada.say("hello")).toEqual({ success: true, savedId: 1 });
    await evictDurableObject(env.ROOM.getByName(name));
    expect(await ada.say("still here")).toEqual({ success: true, savedId: 2 });
    const query = `?since=1&epoch=${ada.joined.epoch}`;
    expect((await Peer.connect(name, "ben", { query })).joined.recovered).toBe(true);
  });
});
