import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MetricsObject } from "../../src/objects/metrics-object.ts";
import { call } from "./support/http.ts";
import { report, room } from "./support/metrics.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

async function stats(name: string, auth?: string) {
  const response = await call("GET", `/v1/rooms/${name}/stats`, auth === undefined ? {} : { auth });
  return { status: response.status, body: await response.json<Record<string, unknown>>() };
}

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
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
