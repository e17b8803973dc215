import { describe, expect, it } from "vitest";
import { PacketLog } from "../../../src/hub/packet-log.ts";
import { HUB_STEPS } from "../../../src/hub/schema.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";

const LIMITS = { maxBytes: 64 * 1024, maxAgeMs: 1_000 };

function logOf(database = new NodeDatabase()) {
  migrate(database, HUB_STEPS);
  const log = new PacketLog(database, LIMITS, () => "log");
  const say = (text: string, now = 0) => {
    const offset = log.nextOffset;
    log.add({ nsp: "/", rooms: ["a"], except: [], data: ["said", text, offset] });
    log.flush(now);
    return offset;
  };
  const missed = (offset: string) =>
    log.since(offset, "/", ["a"], 0)?.map((data) => data[1] as string);
  return { database, log, say, missed };
}

describe("a log of packets", () => {
  it("goes on after a crash with numbers that it has given to none", () => {
    const { database, say } = logOf();
    const offset = say("one");
    say("two");
    const { say: sayMore, missed } = logOf(database);
    expect(sayMore("three")).not.toBe(offset);
    expect(missed(offset)).toEqual(["two", "three"]);
  });

  it("keeps so many bytes, and knows whom it cannot tell all any more", () => {
    const { database, say, missed } = logOf();
    const offsets = Array.from({ length: 500 }, (_, at) => say(`${at} ${"x".repeat(1_000)}`));
    const [row] = database.query("SELECT SUM(LENGTH(body)) AS chars FROM packets");
    expect(Number(row?.["chars"])).toBeLessThan(LIMITS.maxBytes + 16 * 1024);
    expect(missed(offsets[0] as string)).toBeUndefined();
    const oldest = offsets.findIndex((offset) => missed(offset) !== undefined);
    expect(missed(offsets[oldest] as string)).toHaveLength(499 - oldest);
    expect(oldest).toBeGreaterThan(400);
  });

  it("drops what is older than so long", () => {
    const { say, missed } = logOf();
    const offset = say("x".repeat(10_000), 0);
    say("y".repeat(10_000), 10);
    say("z".repeat(10_000), 5_000);
    expect(missed(offset)).toBeUndefined();
  });

  it("lets nobody recover who missed a packet that was too long to be kept", () => {
    const { log, say, missed } = logOf();
    const offset = say("one");
    say("x".repeat(2 * 1024 * 1024));
    expect(missed(offset)).toBeUndefined();
    expect(log.since(offset, "/", ["b"], 0)).toEqual([]);
  });
});
