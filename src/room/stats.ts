import { parseEndingKey, type Tally } from "../metrics/counts.ts";
import type { Numbers } from "../metrics/reporter.ts";
import type { RoomLog } from "./log.ts";
import type { Room } from "./room.ts";

/** What `GET /stats` answers: what is here now, and what happened since the room's first day. */
export interface RoomStats {
  readonly epoch: string;
  readonly seq: number;
  readonly connections: number;
  readonly users: number;
  /** The most connections at once. */
  readonly peak: number;
  /** Durable events appended. */
  readonly messages: number;
  /** Frames received over WebSocket. */
  readonly frames: number;
  /** Payload of WebSocket messages, before compression. */
  readonly bytes: { readonly in: number; readonly out: number };
  /** Events that retention has left in the log. */
  readonly logRows: number;
  /** Size of the room's database. */
  readonly storedBytes: number;
  /** By transport. */
  readonly connects: Tally;
  /** By close code. */
  readonly disconnects: Readonly<Record<string, Disconnects>>;
  /** By error code. */
  readonly refusals: Tally;
  readonly flushes: { readonly count: number; readonly items: number };
}

/** How connections ended that were closed with one code. */
export interface Disconnects {
  readonly clean: number;
  readonly abnormal: number;
}

/** Puts a room's numbers in words. */
export function statsOf(
  room: Pick<Room, "connections" | "users">,
  log: Pick<RoomLog, "epoch" | "head" | "oldest">,
  { totals, peak }: Numbers,
  storedBytes: number,
): RoomStats {
  return {
    epoch: log.epoch,
    seq: log.head,
    connections: room.connections,
    users: room.users.length,
    peak,
    messages: totals.messages,
    frames: totals.framesIn,
    bytes: { in: totals.bytesIn, out: totals.bytesOut },
    // The log has no gaps, so its two ends tell.
    logRows: log.head - log.oldest + 1,
    storedBytes,
    connects: totals.connects,
    disconnects: disconnectsByCode(totals.disconnects),
    refusals: totals.refusals,
    flushes: {
      count: Object.values(totals.flushes).reduce((sum, count) => sum + count, 0),
      items: totals.flushItems,
    },
  };
}

function disconnectsByCode(tally: Tally): Record<string, Disconnects> {
  const byCode: Record<string, Disconnects> = {};
  for (const [key, count] of Object.entries(tally)) {
    const { code, clean } = parseEndingKey(key);
    const { clean: cleanly, abnormal } = byCode[code] ?? { clean: 0, abnormal: 0 };
    byCode[code] = clean
      ? { clean: cleanly + count, abnormal }
      : { clean: cleanly, abnormal: abnormal + count };
  }
  return byCode;
}
