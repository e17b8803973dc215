import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SHARD_NAMES, shardOf } from "../../src/metrics/shard.ts";
import { type Family, parseExposition, seriesValue } from "../support/exposition-parser.ts";
import { app } from "./support/app.ts";
import { call } from "./support/http.ts";
import { report, room } from "./support/metrics.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

async function scrape(): Promise<ReadonlyMap<string, Family>> {
  const response = await call("GET", "/v1/metrics");
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parseExposition(await response.text());
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

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

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

  it("shows what ended, and how, and forgets the gauges of whoever is gone", async () => {
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
