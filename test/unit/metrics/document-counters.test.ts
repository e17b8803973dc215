import { expect, it } from "vitest";
import { addCounts, countsSchema, NO_COUNTS } from "../../../src/metrics/counts.ts";
import { DocumentCounters } from "../../../src/metrics/document-counters.ts";
import { Ledger } from "../../../src/metrics/ledger.ts";

it("counts what happens in a document until it is taken, under a bounded number of keys", () => {
  const counters = new DocumentCounters();
  counters.heard(10);
  counters.sent(20);
  expect(counters.hasCounted).toBe(false);
  counters.came(3);
  counters.edited();
  counters.stored(7);
  counters.folded(2);
  counters.ended({ code: 4413, clean: true });
  for (let at = 0; at < 50; at++) counters.refused(`word_${at}` as "internal");
  counters.refused("invalid_frame");
  const taken = counters.take();
  expect(taken).toMatchObject({
    framesIn: 1,
    bytesIn: 10,
    bytesOut: 20,
    connects: { yjs: 1 },
    disconnects: { "4413 clean": 1 },
    documents: { edits: 1, storedBytes: 7, folds: 1, setAside: 2 },
  });
  expect(taken.documents?.refused).toEqual({ other: 50, invalid_frame: 1 });
  expect([counters.peak, counters.hasCounted]).toEqual([3, false]);
  counters.edited();
  counters.restart();
  expect([counters.peak, counters.counts.documents?.edits, counters.hasCounted]).toEqual([
    0,
    0,
    false,
  ]);
  const twice = addCounts(addCounts(NO_COUNTS, taken), taken);
  expect(twice.documents).toMatchObject({ edits: 2, refused: { other: 100, invalid_frame: 2 } });
  expect(countsSchema.parse(JSON.parse(JSON.stringify(twice)))).toEqual(twice);
});

it("keeps documents and rooms of a shard apart, also of one that an older release kept", () => {
  const gauge = (connections: number) => ({ connections, until: 300_000 });
  const kept = { slots: [{ until: 300_000, connections: 4, rooms: 2 }] };
  const ledger = new Ledger(kept);
  const move = (before: number, after: number, isDocument?: true) =>
    ledger.take(
      {
        counts: NO_COUNTS,
        gauge: { before: gauge(before), after: gauge(after) },
        ...(isDocument === undefined ? {} : { isDocument }),
      },
      0,
    );
  move(0, 3, true);
  move(0, 1);
  move(3, 5, true);
  expect(ledger.snapshot(0)).toMatchObject({
    connections: 5,
    rooms: 3,
    documents: { connections: 5, open: 1 },
  });
  expect(new Ledger(ledger.state(0)).snapshot(0)).toEqual(ledger.snapshot(0));
});
