import { onePageOf, type PollPage } from "../../protocol/poll-page.ts";
import type { RoomLog } from "./log.ts";
import type { Places } from "./places.ts";
import type { Resumption } from "./resume.ts";

/** Of most kinds, a cursor is a `seq`. */
const BY_SEQ: Pick<Places, "placeOf"> = { placeOf: (seq) => seq };

/** What a poll that does not wait is answered: what was missed since its cursor, if it has one. */
export function missedPage(
  log: RoomLog,
  { recovered, missed }: Resumption,
  { placeOf }: Pick<Places, "placeOf"> = BY_SEQ,
): PollPage {
  const { epoch, head } = log;
  if (!recovered || missed === undefined) {
    return { events: [], epoch, seq: placeOf(head), recovered: false };
  }
  const events = onePageOf(log.eventsAfter(missed.after, missed.upTo - missed.after));
  // The log has no gaps, so as many events further is as many seqs further.
  return { events, epoch, seq: placeOf(missed.after + events.length), recovered: true };
}
