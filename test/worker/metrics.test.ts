import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../src/edge/app.ts";
import { SHARD_NAMES, shardOf } from "../../src/metrics/shard.ts";
import { MetricsObject } from "../../src/objects/metrics-object.ts";
import { type Family, parseExposition, seriesValue } from "../support/exposition-parser.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function scrape(): Promise<ReadonlyMap<string, Family>> {
  const response = await call("GET", "/v1/metrics");
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parseExposition(await response.text());
}

/** Lets the report time of rooms pass and their alarms go off, and waits for the reports that follow. */
async function report(...rooms: readonly string[]): Promise<void> {
  vi.setSystemTime(Date.now() + 8_000);
  for (const name of rooms) await runDurableObjectAlarm(env.ROOM.getByName(name));
  await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Rooms on as many different shards. */
function roomsApart(count: number): readonly string[] {
  const byShard = new Map<string, string>();
  while (byShard.size < count) {
    const name = room();
    byShard.set(shardOf(name), name);
  }
  return [...byShard.values()];
}

async function stats(name: string, auth?: string) {
  const response = await call("GET", `/v1/rooms/${name}/stats`, auth === undefined ? {} : { auth });
  return { status: response.status, body: await response.json<Record<string, unknown>>() };
}

describe("/v1/metrics", () => {
  it("needs the API key (P11.2)", async () => {
    expect((await call("GET", "/v1/metrics", { auth: "" })).status).toBe(401);
    expect((await call("GET", "/v1/metrics", { auth: await tokenFor("ada") })).status).toBe(401);
  });

  it.each([
    ["no binding", { METRICS: undefined }],
    ["their time at 0", { METRICS_REPORT_MS: "0" }],
  ])("answers 404 with %s", async (_, vars) => {
    const headers = { Authorization: `Bearer ${env.API_KEY}` };
    const request = new Request("https://edge.test/v1/metrics", { headers });
    const response = await app.fetch(request, { ...env, ...vars } as typeof env);
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { error: { code: "not_found" } },
    ]);
  });

  it("is told of a renewed token with whatever comes next, and of nothing by a renewal alone", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await report(name);
    const alarm = () =>
      runInDurableObject(env.ROOM.getByName(name), (_, { storage }) => storage.getAlarm());
    const before = await alarm();
    const framesIn = seriesValue(await scrape(), "hibiki_frames_received_total");
    ada.send({ type: "refresh_token", payload: { token: await tokenFor("ada") } });
    await ada.see("token_refreshed");
    expect(await alarm()).toBe(before);
    await ada.say("hello");
    expect(await alarm()).toBe(Date.now() + 8_000);
    await report(name);
    expect(seriesValue(await scrape(), "hibiki_frames_received_total")).toBe(framesIn + 2);
  });

  it("is not told of a renewed token when nothing else comes before the room sleeps", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await report(name);
    const framesIn = seriesValue(await scrape(), "hibiki_frames_received_total");
    ada.send({ type: "refresh_token", payload: { token: await tokenFor("ada") } });
    await ada.see("token_refreshed");
    await evictDurableObject(env.ROOM.getByName(name));
    await ada.say("hello");
    await report(name);
    expect(seriesValue(await scrape(), "hibiki_frames_received_total")).toBe(framesIn + 1);
  });

  it("adds up several rooms on several shards", async () => {
    const before = await scrape();
    const rooms = roomsApart(3);
    for (const name of rooms) {
      const ada = await Peer.connect(name, "ada");
      await Peer.connect(name, "ben");
      await ada.say("hello");
      expect(await ada.ask("edit_message", { seq: 99, content: "x" })).toMatchObject({
        success: false,
      });
    }
    await report(...rooms);
    const after = await scrape();
    const gained = (name: string, labels: Record<string, string> = {}) =>
      seriesValue(after, name, labels) - seriesValue(before, name, labels);
    expect(gained("hibiki_connections")).toBe(6);
    expect(gained("hibiki_rooms")).toBe(3);
    expect(gained("hibiki_connects_total", { transport: "websocket" })).toBe(6);
    expect(gained("hibiki_messages_total")).toBe(3);
    expect(gained("hibiki_frames_received_total")).toBe(6);
    expect(gained("hibiki_refusals_total", { code: "not_found" })).toBe(3);
    expect(gained("hibiki_bytes_total", { direction: "out" })).toBeGreaterThan(1_000);
    expect(gained("hibiki_flush_size_count")).toBeGreaterThanOrEqual(9);
  });

  it("shows what ended, and how, and forgets the gauges of who is gone", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await Peer.connect(name, "ben");
    await report(name);
    const before = await scrape();
    ada.close();
    await ada.untilClosed();
    vi.setSystemTime(Date.now() + 120_000);
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    await report(name);
    const after = await scrape();
    expect(seriesValue(after, "hibiki_disconnects_total", { code: "1000", clean: "true" })).toBe(1);
    expect(seriesValue(after, "hibiki_disconnects_total", { code: "4408", clean: "false" })).toBe(
      1,
    );
    const gauge = "hibiki_connections";
    expect(seriesValue(after, gauge)).toBe(seriesValue(before, gauge) - 2);
  });

  it("loses nothing when room and shard are evicted", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("one");
    await report(name);
    const before = await scrape();
    await evictDurableObject(env.ROOM.getByName(name));
    for (const shard of SHARD_NAMES) await evictDurableObject(env.METRICS.getByName(shard));
    const between = await scrape();
    for (const series of ["hibiki_messages_total", "hibiki_connections", "hibiki_rooms"]) {
      expect(seriesValue(between, series)).toBe(seriesValue(before, series));
    }
    await ada.say("two");
    await report(name);
    const after = await scrape();
    const series = "hibiki_messages_total";
    expect(seriesValue(after, series)).toBe(seriesValue(before, series) + 1);
  });

  it("writes a shard's numbers at once after a silence, then once for many reports, by an alarm", async () => {
    const shard = env.METRICS.getByName("shard-of-this-test");
    const { counts } = await shard.snapshot();
    const kept = () =>
      runInDurableObject(shard, (_, { storage }) =>
        storage.sql
          .exec("SELECT kept FROM ledger")
          .toArray()
          .map(({ kept }) => JSON.parse(`${kept}`)),
      );
    const once = { counts: { ...counts, messages: 1 } };
    await shard.report(once);
    expect(await kept()).toMatchObject([{ counts: { messages: 1 } }]);
    expect(await runDurableObjectAlarm(shard)).toBe(false);
    for (let i = 0; i < 3; i++) await shard.report(once);
    expect(await kept()).toMatchObject([{ counts: { messages: 1 } }]);
    expect(await runDurableObjectAlarm(shard)).toBe(true);
    expect(await kept()).toMatchObject([{ counts: { messages: 4 } }]);
    expect(await runDurableObjectAlarm(shard)).toBe(false);
  });
});

describe("a room's reports", () => {
  it("are not made, nor is anything written, when nothing changed", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("one");
    await report(name);
    const reports = vi.spyOn(MetricsObject.prototype, "report");
    let written = 0;
    await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) => {
      const exec = storage.sql.exec.bind(storage.sql);
      storage.sql.exec = ((...args: Parameters<typeof exec>) => {
        const cursor = exec(...args);
        written += cursor.rowsWritten;
        return cursor;
      }) as typeof exec;
    });
    await report(name);
    await report(name);
    expect([reports.mock.calls.length, written]).toEqual([0, 0]);
    await ada.say("two");
    await report(name);
    // The message's row, and that of the room's numbers.
    expect([reports.mock.calls.length, written]).toEqual([1, 2]);
    reports.mockRestore();
  });

  it("sweep nothing that is not due, and what is due also after a hibernation", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await Peer.connect(name, "silent");
    vi.setSystemTime(Date.now() + 60_000);
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    await ada.settle();
    expect(ada.of("user_left")).toEqual([]);
    // Wakes that come more often than sweeps must not put them off.
    await evictDurableObject(env.ROOM.getByName(name));
    await ada.settle();
    vi.setSystemTime(Date.now() + 60_000);
    await ada.settle();
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    await ada.see("user_left");
    expect(ada.of("user_left")).toEqual([{ userId: "silent", name: "SILENT" }]);
  });

  it("cost a lone message one alarm and one report, and the room's own alarm again", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("one");
    await report(name);
    const reports = vi.spyOn(MetricsObject.prototype, "report");
    const alarms: number[] = [];
    await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) => {
      const setAlarm = storage.setAlarm.bind(storage);
      storage.setAlarm = (at, ...rest) => {
        alarms.push(Number(at) - Date.now());
        return setAlarm(at, ...rest);
      };
    });
    await ada.say("two");
    await report(name);
    expect([reports.mock.calls.length, alarms]).toEqual([1, [8_000, expect.any(Number)]]);
    expect(alarms[1]).toBeGreaterThan(16_000);
    reports.mockRestore();
  });

  it("set one alarm for all messages of their time, and the room's own again after it", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("one");
    let alarms = 0;
    await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) => {
      const setAlarm = storage.setAlarm.bind(storage);
      storage.setAlarm = (...args) => {
        alarms += 1;
        return setAlarm(...args);
      };
    });
    for (let i = 0; i < 20; i++) await ada.say(`m${i}`);
    expect(alarms).toBe(0);
    await report(name);
    for (let i = 0; i < 20; i++) await ada.say(`n${i}`);
    expect(alarms).toBe(2);
  });
});

describe("/v1/rooms/:room/stats", () => {
  it("count who gave way to a newer connection of their own as ended cleanly", async () => {
    const name = room();
    const oldest = await Peer.connect(name, "ada");
    const others: Peer[] = [];
    for (let i = 0; i < 10; i++) others.push(await Peer.connect(name, "ada"));
    expect((await oldest.untilClosed()).code).toBe(4408);
    expect((await stats(name)).body["disconnects"]).toEqual({ "4408": { clean: 1, abnormal: 0 } });
    for (const peer of others) peer.close();
  });

  it("is for moderators and the API key", async () => {
    const name = room();
    expect((await stats(name, await tokenFor("ada"))).status).toBe(403);
    const moderator = await tokenFor("mo", { rooms: { "*": ["read", "moderate"] } });
    expect((await stats(name, moderator)).status).toBe(200);
    expect((await stats(name)).status).toBe(200);
    expect((await stats(name, "")).status).toBe(401);
  });

  it("tells what is here and what happened, over an eviction too", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    await ada.say("one");
    await ada.say("two");
    ben.close();
    await ben.untilClosed();
    await ada.see("user_left");
    const expected = {
      epoch: ada.joined.epoch,
      seq: 2,
      connections: 1,
      users: 1,
      peak: 2,
      messages: 2,
      frames: 2,
      logRows: 2,
      connects: { websocket: 2 },
      disconnects: { "1000": { clean: 1, abnormal: 0 } },
    };
    const { body } = await stats(name);
    expect(body).toMatchObject(expected);
    expect(body["bytes"]).toEqual({ in: expect.any(Number), out: expect.any(Number) });
    expect(body["storedBytes"]).toBeGreaterThan(4_096);
    await report(name);
    await evictDurableObject(env.ROOM.getByName(name));
    expect((await stats(name)).body).toMatchObject({ ...expected, bytes: body["bytes"] });
  });
});

describe("the log", () => {
  it("says every refusal once, with its code and its path, and no token (P11.1)", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
    const name = room();
    const path = `/v1/rooms/${name}/messages`;
    const secret = "not-a-token-but-a-secret";
    try {
      await call("GET", `${path}?token=${secret}`, { auth: "" });
      await call("GET", `${path}?limit=0`);
      await call("PATCH", `${path}/7`, { body: { content: "x" } });
      await call("GET", "/v1/nothing", { auth: "" });
      await call("GET", "/nowhere", { auth: "" });
      const peer = await Peer.connect(name, "x", { wire: "plain", token: secret });
      await peer.untilClosed();
    } finally {
      log.mockRestore();
    }
    const refused = lines
      .map((line): { event: string; code: string; path: string } => JSON.parse(line))
      .filter(({ event }) => event === "refused")
      .map(({ code, path: at }) => [code, at]);
    expect(refused).toEqual([
      ["unauthorized", path],
      ["invalid_request", path],
      ["not_found", `${path}/7`],
      ["not_found", "/v1/nothing"],
      ["not_found", "/nowhere"],
      ["unauthorized", `/v1/rooms/${name}/ws`],
    ]);
    expect(lines.join()).not.toContain(secret);
  });

  it("says why a connection ended in our words, and never in a client's", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
    const name = room();
    try {
      const secret = await Peer.connect(name, "secret");
      secret.socket.close(4_000, "eyJ.a-secret");
      await secret.untilClosed();
      const leaver = await Peer.connect(name, "leaver");
      leaver.send({ type: "leave_room" });
      await leaver.untilClosed();
      const query = `since=0&epoch=${leaver.joined.epoch}&wait=1`;
      const auth = await tokenFor("poller");
      await call("GET", `/v1/rooms/${name}/poll?${query}`, { auth });
      await vi.waitFor(() => expect(lines.join()).toContain("the poll is answered"));
    } finally {
      log.mockRestore();
    }
    const ended = lines
      .map((line): { event: string; userId: string; reason: string } => JSON.parse(line))
      .filter(({ event }) => event === "disconnect")
      .map(({ userId, reason }) => [userId, reason]);
    expect(ended).toEqual([
      ["secret", "closed by the client"],
      ["leaver", "left the room"],
      ["poller", "the poll is answered"],
    ]);
    expect(lines.join()).not.toContain("eyJ");
  });

  it("keeps the mark of a refusal to itself", async () => {
    const response = await call("GET", "/v1/nothing", { auth: "" });
    expect([...response.headers.keys()].filter((header) => header.includes("hibiki"))).toEqual([]);
  });
});

describe("/healthz", () => {
  it("answers as the contract says, without asking who calls", async () => {
    const response = await call("GET", "/healthz", { auth: "" });
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: "ok", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    ]);
  });

  it.each([
    [{ AUTH_SECRET: "short" }, 503, "AUTH_SECRET: must have at least 32 bytes"],
    [{ LIMIT_FRAMES_BURST: "many" }, 503, "LIMIT_FRAMES_BURST: must be a whole number"],
    // Alive, and yet to be set up: everything below /v1 says so.
    [{ AUTH_SECRET: "" }, 200, "ok"],
  ])("says of settings that cannot be read that they cannot: %j", async (vars, status, words) => {
    const request = new Request("https://edge.test/healthz");
    const response = await app.fetch(request, { ...env, ...vars });
    expect([response.status, await response.text()]).toEqual([
      status,
      expect.stringContaining(words),
    ]);
  });
});
