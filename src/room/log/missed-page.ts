import type { Cursor } from "../../protocol/cursor.ts";
import { onePageOf, type PollPage } from "../../protocol/poll-page.ts";
import type { RoomLog } from "./log.ts";
import { missedSince } from "./resume.ts";

/** What a poll that does not wait is answered: what was missed since its cursor, if it has one. */
export function missedPage(log: RoomLog, cursor: Cursor | undefined, maxEvents: number): PollPage {
  const { epoch, head } = log;
  const missed = missedSince(log, cursor, maxEvents);
  if (cursor === undefined || missed === undefined) {
    return { events: [], epoch, seq: head, recovered: false };
  }
  const events = onePageOf(log.eventsAfter(missed.after, missed.upTo - missed.after));
  // The log has no gaps, so as many events further is as many seqs further.
  return { events, epoch, seq: cursor.seq + events.length, recovered: true };
}
