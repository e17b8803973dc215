import type { Cursor } from "../../protocol/cursor.ts";
import type { PollPage } from "../../protocol/poll-page.ts";
import type { GuardedRoom } from "../hooks/guarded-room.ts";
import type { RoomLog } from "../log/log.ts";
import { missedPage } from "../log/missed-page.ts";
import { resumptionOf } from "../log/resume.ts";

/** What a poll that does not wait is answered, by a room's kind. */
export function polledPage(
  log: RoomLog,
  room: Pick<GuardedRoom, "resume" | "placeOf" | "poll">,
  cursor: Cursor | undefined,
  maxEvents: number,
): PollPage {
  const resumption = room.resume(cursor, true) ?? resumptionOf(log, cursor, maxEvents, true);
  const page = missedPage(log, resumption, { placeOf: (seq) => room.placeOf(seq) });
  // What stands beside the events is as of the log's head: it would not fit a page that ends before.
  return page.seq === room.placeOf(log.head) ? { ...page, ...room.poll() } : page;
}
