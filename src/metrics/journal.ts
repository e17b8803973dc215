import { type LogLine, logLine } from "../protocol/log-line.ts";
import { countedCode } from "./ending.ts";
import type { Report } from "./report.ts";

/** A row for Analytics Engine. */
export interface DataPoint {
  readonly indexes: [string];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** What a journal needs of an Analytics Engine dataset. */
export interface Dataset {
  writeDataPoint(point: DataPoint): void;
}

/** The platform takes an index of 96 bytes; a room's name may be longer, or not be ASCII. */
const INDEX_BYTES = 96;

/** Says what happens: a JSON line in the log and, where there is a dataset, a row in that. */
export class Journal {
  readonly #dataset: Dataset | undefined;

  constructor(dataset: Dataset | undefined) {
    this.#dataset = dataset;
  }

  /** @param now milliseconds since the epoch. */
  say(line: LogLine, now: number): void {
    console.log(logLine(line, now));
    const point = pointOf(line);
    if (point !== undefined) this.#write(point);
  }

  /** A room has reported: its numbers since the last time, by themselves no line of the log. */
  reported(room: string, { counts, gauge }: Report): void {
    const { messages, framesIn, bytesIn, bytesOut, flushItems } = counts;
    const connections = gauge?.after.connections ?? 0;
    const doubles = [connections, messages, framesIn, bytesIn, bytesOut, flushItems];
    this.#write({ indexes: [index(room)], blobs: ["report"], doubles });
  }

  /** Numbers for looking at later must not end a connection now: there is a limit per invocation. */
  #write(point: DataPoint): void {
    try {
      this.#dataset?.writeDataPoint(point);
    } catch {
      // The line in the log tells the same.
    }
  }
}

/**
 * `blob1` is the event; users and paths are left to the log. A disconnect has the code and whether
 * it was clean, and how long the connection was: `double1` milliseconds.
 */
function pointOf(line: LogLine): DataPoint | undefined {
  switch (line.event) {
    case "connect":
      return point(line.room, [line.event, line.transport, line.wire]);
    case "disconnect":
    case "abnormal_disconnect":
      return point(line.room, [line.event, countedCode(line.code), line.reason], [line.durationMs]);
    case "refused":
      return point(line.room ?? "", [line.event, line.code]);
    case "audit":
    case "error":
    case "warning":
      return undefined;
  }
}

function point(room: string, blobs: string[], doubles: number[] = []): DataPoint {
  return { indexes: [index(room)], blobs, doubles };
}

function index(room: string): string {
  const bytes = new TextEncoder().encode(room);
  return bytes.length <= INDEX_BYTES
    ? room
    : new TextDecoder().decode(bytes.subarray(0, INDEX_BYTES), { stream: true });
}
