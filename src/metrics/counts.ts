import * as z from "zod";
import { foldEndings } from "./ending.ts";

/** Upper bounds of the flush histogram, in items; what is above them all counts in `+Inf` alone. */
export const FLUSH_BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] as const;

/** How often each thing of one sort happened. */
export type Tally = Readonly<Record<string, number>>;

// An older deployment may have kept less: what it did not count is none.
const total = z.number().default(0);
const tally = z.record(z.string(), z.number()).default({});

/** What happens in Yjs documents alone. */
const documentCountsSchema = z.object({
  /** Changes taken that had something new in them. */
  edits: total,
  /** Frames refused, by error code. */
  refused: tally,
  /** Bytes of updates stored, and how often the tail was folded into the snapshot. */
  storedBytes: total,
  folds: total,
  /** Updates set aside, for a document could not be built with them. */
  setAside: total,
});

/** See {@link documentCountsSchema}. */
export type DocumentCounts = Readonly<z.output<typeof documentCountsSchema>>;

/** Nothing has happened in documents. */
export const NO_DOCUMENT_COUNTS: DocumentCounts = documentCountsSchema.parse({});

/** What happened, as it is kept and as it travels from a room to its shard. */
export const countsSchema = z.object({
  /** Durable events appended to a log. */
  messages: total,
  framesIn: total,
  /** Payloads of WebSocket messages, before compression. */
  bytesIn: total,
  bytesOut: total,
  /** By transport. */
  connects: tally,
  /** Connections to many rooms begun at the edge: `multiplexed`, `socketio_websocket` and the like. */
  gateways: tally,
  /** Clients of Socket.IO that came back, by what they came back to. */
  recoveries: tally,
  /** By `endingKey`. What an older deployment counted under codes of its clients' own is `other` here. */
  disconnects: tally.transform(foldEndings),
  /** By `refusalKey`. */
  refusals: tally,
  /** Rules that threw, or answered what they may not, by `hookKey`. */
  ruleFailures: tally,
  /** Flushes by the smallest of {@link FLUSH_BOUNDS} that holds them, or `+Inf`. */
  flushes: tally,
  /** Items that all of these flushes settled. */
  flushItems: total,
  /** Deliveries and timers that were given up: nobody took them for too long, or they were refused for good. */
  deadLetters: total,
  /** Of these, those that are not kept any more: there were too many. */
  deadLettersDropped: total,
  /** Ticks of games that were left out after stalls. */
  skippedTicks: total,
  /** Of documents; absent of rooms. */
  documents: documentCountsSchema.optional(),
});

/** Things that happened since some beginning. They only add up. */
export type Counts = Readonly<z.output<typeof countsSchema>>;

/** Nothing has happened. */
export const NO_COUNTS: Counts = countsSchema.parse({});

/** What happened here and there together. */
export function addCounts(a: Counts, b: Counts): Counts {
  return {
    messages: a.messages + b.messages,
    framesIn: a.framesIn + b.framesIn,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    connects: addTallies(a.connects, b.connects),
    gateways: addTallies(a.gateways, b.gateways),
    recoveries: addTallies(a.recoveries, b.recoveries),
    disconnects: addTallies(a.disconnects, b.disconnects),
    refusals: addTallies(a.refusals, b.refusals),
    ruleFailures: addTallies(a.ruleFailures, b.ruleFailures),
    flushes: addTallies(a.flushes, b.flushes),
    flushItems: a.flushItems + b.flushItems,
    deadLetters: a.deadLetters + b.deadLetters,
    deadLettersDropped: a.deadLettersDropped + b.deadLettersDropped,
    skippedTicks: a.skippedTicks + b.skippedTicks,
    documents: addDocuments(a.documents, b.documents),
  };
}

function addDocuments(
  a: DocumentCounts | undefined,
  b: DocumentCounts | undefined,
): DocumentCounts | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    edits: a.edits + b.edits,
    refused: addTallies(a.refused, b.refused),
    storedBytes: a.storedBytes + b.storedBytes,
    folds: a.folds + b.folds,
    setAside: a.setAside + b.setAside,
  };
}

/** Where a flush of this many items is counted. */
export function flushKey(items: number): string {
  return String(FLUSH_BOUNDS.find((bound) => items <= bound) ?? "+Inf");
}

function addTallies(a: Tally, b: Tally): Record<string, number> {
  const sum = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}
