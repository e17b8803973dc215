import { beforeEach, describe, expect, it } from "vitest";
import { Ledger } from "../../../src/metrics/ledger.ts";
import type { Report } from "../../../src/metrics/report.ts";
import { Reporter } from "../../../src/metrics/reporter.ts";
import { Counters } from "../../../src/room/counting/counters.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { SqlKeep } from "../../../src/storage/sql-keep.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";

const T0 = Date.UTC(2026, 0, 1);
const EVERY = 8_000;
const MINUTE = 60_000;

let database: NodeDatabase;
let keep: SqlKeep;
let saves: number;
let counters: Counters;
let connections: number;
let reporter: Reporter;
let ledger: Ledger;
let reports: Report[];
let shardIsDown: boolean;

beforeEach(() => {
  database = new NodeDatabase();
  migrate(database);
  saves = 0;
  connections = 0;
  ledger = new Ledger(undefined);
  reports = [];
  shardIsDown = false;
  begin();
});

/** The reporter from its storage, as after a start, a hibernation or a crash. */
function begin(everyMs = EVERY, hasShard = true): void {
  keep = new SqlKeep(database, "stats");
  const save = keep.save.bind(keep);
  keep.save = (value) => {
    saves += 1;
    save(value);
  };
  counters = new Counters({ name: "poll", errors: [] });
  reporter = new Reporter({
    counting: counters,
    connections: () => connections,
    keep,
    everyMs,
    shard: hasShard ? { report: async (report) => take(report) } : undefined,
    journal: { reported: () => {}, error: () => {} },
  });
}

/** A frame of so many bytes comes, and the flush that it leads to is told. */
function hear(bytes: number): void {
  counters.heard(bytes);
  counters.told();
}

let clock = T0;
function take(report: Report): void {
  if (shardIsDown) throw new Error("down");
  reports.push(report);
  ledger.take(report, clock);
}

/** When the reporter wants to wake, once it has noted what happened. */
function noted(at: number): number | undefined {
  reporter.note(at);
  return reporter.dueAt;
}

async function run(at: number): Promise<void> {
  clock = at;
  await reporter.run(at);
}

function join(): void {
  connections += 1;
  counters.connected("websocket", connections);
}

function leave(): void {
  connections -= 1;
  counters.disconnected({ code: 1000, clean: true });
}

describe("a reporter", () => {
  it("asks for no wake and writes nothing when nothing happened", async () => {
    expect(noted(T0)).toBeUndefined();
    await run(T0 + MINUTE);
    expect([reports, saves]).toEqual([[], 0]);
  });

  it("tells when it is due without a change to that: only a note makes one", () => {
    join();
    expect([reporter.dueAt, reporter.dueAt]).toEqual([undefined, undefined]);
    reporter.note(T0);
    expect([reporter.dueAt, reporter.dueAt]).toEqual([T0 + EVERY, T0 + EVERY]);
  });

  it("reports once, its time after the first thing that happened", async () => {
    join();
    expect(noted(T0)).toBe(T0 + EVERY);
    hear(5);
    expect(noted(T0 + 5_000)).toBe(T0 + EVERY);
    await run(T0 + EVERY - 1);
    expect(reports).toEqual([]);
    await run(T0 + EVERY);
    expect(reports).toMatchObject([
      { counts: { framesIn: 1, bytesIn: 5, connects: { websocket: 1 } } },
    ]);
    expect(saves).toBe(1);
  });

  it("asks for one wake, one report and one write for a lone message", async () => {
    join();
    await run(noted(T0) ?? 0);
    hear(5);
    const at = T0 + MINUTE;
    expect(noted(at)).toBe(at + EVERY);
    await run(at + EVERY);
    // The next is the renewal of the gauge.
    expect(noted(at + EVERY)).toBeGreaterThan(at + 20 * MINUTE);
    expect([reports.length, saves]).toEqual([2, 2]);
  });

  it("wakes again for what happened while it reported", async () => {
    join();
    noted(T0);
    clock = T0 + EVERY;
    const running = reporter.run(clock);
    hear(9);
    await running;
    expect(noted(clock)).toBe(clock + EVERY);
  });

  it("keeps what a failed report told for the next one, also over a hibernation", async () => {
    join();
    noted(T0);
    shardIsDown = true;
    await run(T0 + EVERY);
    expect(reports).toEqual([]);
    begin();
    shardIsDown = false;
    hear(4);
    expect(noted(T0 + MINUTE)).toBe(T0 + MINUTE + EVERY);
    await run(T0 + MINUTE + EVERY);
    expect(reports).toMatchObject([{ counts: { connects: { websocket: 1 }, framesIn: 1 } }]);
    begin();
    expect(noted(T0 + 2 * MINUTE)).toBe(noted(T0 + 3 * MINUTE));
    expect(ledger.snapshot(clock)).toMatchObject({ connections: 1, rooms: 1 });
  });

  it("tries a failed report again, sooner when something new happens, and writes it once", async () => {
    join();
    shardIsDown = true;
    let now = noted(T0) ?? 0;
    await run(now);
    for (let tries = 0; tries < 3; tries++) {
      const next = noted(now) ?? 0;
      expect(next - now).toBe(5 * MINUTE);
      now = next;
      await run(now);
    }
    expect(saves).toBe(1);
    hear(4);
    expect(noted(now + 1)).toBe(now + 1 + EVERY);
  });

  it("knows its totals and its peak after a hibernation", async () => {
    join();
    join();
    leave();
    noted(T0);
    await run(T0 + EVERY);
    begin();
    hear(4);
    expect(reporter.numbers).toMatchObject({
      peak: 2,
      totals: { framesIn: 1, connects: { websocket: 2 }, disconnects: { "1000 clean": 1 } },
    });
  });

  it("takes connections that a crash or a deploy ended off the gauges", async () => {
    join();
    noted(T0);
    await run(T0 + EVERY);
    connections = 0;
    begin();
    const at = noted(T0 + MINUTE) ?? 0;
    await run(at);
    expect(ledger.snapshot(at)).toMatchObject({ connections: 0, rooms: 0 });
  });

  it("says again that an idle room is there before it is given up", async () => {
    join();
    let now = noted(T0) ?? 0;
    for (let wakes = 0; wakes < 12; wakes++) {
      await run(now);
      expect(ledger.snapshot(now)).toMatchObject({ connections: 1, rooms: 1 });
      const next = noted(now) ?? 0;
      expect(ledger.snapshot(next)).toMatchObject({ connections: 1, rooms: 1 });
      now = next;
    }
    expect(now - T0).toBeGreaterThan(2 * 60 * MINUTE);
    // None of the wakes was in vain.
    expect(reports).toHaveLength(12);
    // It dies without a word.
    expect(ledger.snapshot(now + 60 * MINUTE)).toMatchObject({ connections: 0, rooms: 0 });
  });

  it("uses an alarm that comes anyway to say so", async () => {
    join();
    const first = noted(T0) ?? 0;
    await run(first);
    await run(first + EVERY);
    expect(reports).toHaveLength(1);
    for (let at = first; at < first + 60 * MINUTE; at += 2 * MINUTE) {
      expect(noted(at)).toBeGreaterThan(at);
      await run(at);
    }
    expect(reports).toHaveLength(3);
  });

  it("keeps totals without a shard, and does nothing at all when it is off", async () => {
    begin(EVERY, false);
    join();
    noted(T0);
    await run(T0 + EVERY);
    await run(T0 + 2 * EVERY);
    expect(saves).toBe(1);
    expect(noted(T0 + 2 * EVERY)).toBeUndefined();
    begin(0);
    leave();
    expect(noted(T0)).toBeUndefined();
    await run(T0 + MINUTE);
    expect(saves).toBe(1);
    expect(reporter.numbers.totals.disconnects).toEqual({ "1000 clean": 1 });
  });

  it("survives a disk that is full", async () => {
    join();
    noted(T0);
    keep.save = () => {
      throw new Error("database or disk is full");
    };
    await run(T0 + EVERY);
    expect(reports).toHaveLength(1);
  });
});

describe("a ledger", () => {
  const gauge = (room: number, until: number) => ({ connections: room, until });
  const empty = { connections: 0, until: 0 };

  it("adds rooms up without knowing any, and survives being written down", () => {
    const { counts } = new Ledger(undefined).snapshot(T0);
    const until = T0 + MINUTE;
    ledger.take({ counts, gauge: { before: empty, after: gauge(5, until) } }, T0);
    ledger.take({ counts, gauge: { before: empty, after: gauge(2, until) } }, T0);
    ledger = new Ledger(JSON.parse(JSON.stringify(ledger.state(T0))));
    expect(ledger.snapshot(T0)).toMatchObject({ connections: 7, rooms: 2 });
    ledger.take({ counts, gauge: { before: gauge(5, until), after: gauge(1, until) } }, T0);
    expect(ledger.snapshot(T0)).toMatchObject({ connections: 3, rooms: 2 });
    ledger.take({ counts, gauge: { before: gauge(2, until), after: empty } }, T0);
    expect(ledger.snapshot(T0)).toMatchObject({ connections: 1, rooms: 1 });
  });

  it("never shows less than nothing, and forgets what went wrong when its slot ends", () => {
    const { counts } = new Ledger(undefined).snapshot(T0);
    const lost = gauge(5, T0 + MINUTE);
    ledger.take({ counts, gauge: { before: lost, after: gauge(3, T0 + 2 * MINUTE) } }, T0);
    expect(ledger.snapshot(T0)).toMatchObject({ connections: 3, rooms: 1 });
    expect(ledger.snapshot(T0 + 2 * MINUTE)).toMatchObject({ connections: 0, rooms: 0 });
  });
});
