import type { Billed } from "../prices/cloudflare.ts";
import { type Counts, combine, type ObjectCounts } from "../workers/object-counts.ts";
import type { Running } from "./server.ts";

/** Reads the counts of all objects (workers/counting-objects.ts). They are the Worker's, so no object wakes for it. */
export async function objectCounts({ port }: Running): Promise<Counts> {
  const response = await fetch(`http://127.0.0.1:${port}/bench/counts`);
  // Written by our own entry.
  return (await response.json()) as Counts;
}

/** Reads the counts of the rooms. */
export async function roomCounts(running: Running): Promise<ObjectCounts> {
  return (await objectCounts(running)).room;
}

/** What came in between. */
export function since(before: ObjectCounts, after: ObjectCounts): ObjectCounts {
  return combine(before, after, (earlier, later) => later - earlier);
}

/** What came in between, of all objects together. */
export function sinceAll(before: Counts, after: Counts): ObjectCounts {
  const sum = (a: number, b: number) => a + b;
  const told = combine(since(before.room, after.room), since(before.document, after.document), sum);
  return combine(told, since(before.metrics, after.metrics), sum);
}

/** What of it is billed. Of closes and errors the price list says nothing. */
export function billed(counts: ObjectCounts): Billed {
  return {
    incoming: counts.messages,
    calls: counts.fetched + counts.called + counts.alarms,
    rowsWritten: counts.rowsWritten + counts.alarmsSet,
    rowsRead: counts.rowsRead,
    activeSeconds: counts.waitedMs / 1000,
  };
}

/** What made the rooms run, or wake, without an alarm: nothing, where they only sleep and sweep. */
export function wakesIn(counts: ObjectCounts): number {
  const { constructed, constructedByAlarm, fetched, called, messages, closes, errors } = counts;
  return constructed - constructedByAlarm + fetched + called + messages + closes + errors;
}
