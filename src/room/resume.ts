import type { Cursor } from "../protocol/cursor.ts";
import type { RoomLog } from "./log.ts";

/** What a client missed, or that it must start anew. */
export type Resumption =
  | { readonly recovered: true; readonly events: readonly string[] }
  | { readonly recovered: false };

/** All that a client missed since its cursor, or that it must start anew. */
export function resume(log: RoomLog, cursor: Cursor | undefined, maxEvents: number): Resumption {
  const missed = missedSince(log, cursor, maxEvents);
  return missed === undefined ? { recovered: false } : { recovered: true, events: [...missed] };
}

/** Whether a cursor is of this life of the log, or of one that was imported into it as far as that. */
function goesOnFrom({ epoch, former }: RoomLog, cursor: Cursor): boolean {
  return (
    cursor.epoch === epoch ||
    former.some((life) => life.epoch === cursor.epoch && cursor.seq <= life.seq)
  );
}

/**
 * What was missed since a cursor, read as it is taken; `undefined` when the cursor cannot be caught
 * up with: it must be of this life of the log, not beyond its head, not before what retention has
 * left, and at most `maxEvents` behind.
 */
export function missedSince(
  log: RoomLog,
  cursor: Cursor | undefined,
  maxEvents: number,
): Iterable<string> | undefined {
  if (cursor === undefined || !goesOnFrom(log, cursor)) return undefined;
  const missed = log.head - cursor.seq;
  if (missed < 0 || missed > maxEvents || cursor.seq < log.oldest - 1) return undefined;
  return missed === 0 ? [] : log.eventsAfter(cursor.seq, missed);
}
