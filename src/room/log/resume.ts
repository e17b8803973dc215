import type { Cursor } from "../../protocol/cursor.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLog, Stretch } from "./log.ts";

/** What a newcomer is told of the log after its greeting. */
export interface Resumption {
  /** Whether it goes on from where it was. */
  readonly recovered: boolean;
  /** What follows; `undefined` when nothing does but what is yet to come. */
  readonly missed: Stretch | undefined;
}

/**
 * Resumes where that can be, and tells nothing else.
 *
 * @param inPages whether it takes one page of it, however much there is.
 */
export function resumptionOf(
  log: RoomLog,
  cursor: Cursor | undefined,
  maxEvents: number,
  inPages: boolean,
): Resumption {
  const missed = missedSince(log, cursor, maxEvents);
  const recovered = missed !== undefined && (inPages || !isTooMuch(log, missed));
  return { recovered, missed: recovered ? missed : undefined };
}

/** Whether a cursor is of this life of the log, or of one that was imported into it as far as that. */
export function goesOnFrom({ epoch, former }: RoomLog, cursor: Cursor): boolean {
  return (
    cursor.epoch === epoch ||
    former.some((life) => life.epoch === cursor.epoch && cursor.seq <= life.seq)
  );
}

/**
 * What was missed since a cursor; `undefined` when the cursor cannot be caught up with: it must be of
 * this life of the log, not beyond its head, not before what retention has left, and at most
 * `maxEvents` behind.
 */
export function missedSince(
  log: RoomLog,
  cursor: Cursor | undefined,
  maxEvents: number,
): Stretch | undefined {
  if (cursor === undefined || !goesOnFrom(log, cursor)) return undefined;
  const missed = log.head - cursor.seq;
  if (missed < 0 || missed > maxEvents || cursor.seq < log.oldest - 1) return undefined;
  return { after: cursor.seq, upTo: log.head };
}

/** Whether what was missed is too much to be told over a connection, where a poll would get it in pages. */
export function isTooMuch(log: RoomLog, { after, upTo }: Stretch): boolean {
  return upTo > after && log.bytesAfter(after, upTo - after) > BOUNDS.resumeBytes;
}
