import type { Cursor } from "../protocol/cursor.ts";
import type { RoomLog } from "./log.ts";

/** What a client missed, or that it must start anew. */
export type Resumption =
  | { readonly recovered: true; readonly events: readonly string[] }
  | { readonly recovered: false };

/**
 * Whether a cursor can be caught up with: it is of this life of the log, not beyond its head, not
 * before what retention has left, and at most `maxEvents` behind.
 */
export function resume(log: RoomLog, cursor: Cursor | undefined, maxEvents: number): Resumption {
  if (cursor === undefined || cursor.epoch !== log.epoch) return { recovered: false };
  const missed = log.head - cursor.seq;
  if (missed < 0 || missed > maxEvents || cursor.seq < log.oldest - 1) return { recovered: false };
  return { recovered: true, events: missed === 0 ? [] : log.eventsAfter(cursor.seq, missed) };
}
