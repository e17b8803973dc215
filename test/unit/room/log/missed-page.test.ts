import { expect, it } from "vitest";
import type { Cursor } from "../../../../src/protocol/cursor.ts";
import type { PollPage } from "../../../../src/protocol/poll-page.ts";
import type { RoomLog } from "../../../../src/room/log/log.ts";
import { missedPage } from "../../../../src/room/log/missed-page.ts";
import { resumptionOf } from "../../../../src/room/log/resume.ts";

/** A log of events of as many characters, that counts what is read of it. */
function logOf(events: number, chars: number) {
  const read = { events: 0 };
  const log: Pick<RoomLog, "epoch" | "head" | "oldest" | "eventsAfter"> = {
    epoch: "e",
    head: events,
    oldest: 1,
    *eventsAfter(seq, limit) {
      for (let i = seq; i < seq + limit; i++) {
        read.events += 1;
        yield "x".repeat(chars);
      }
    },
  };
  return { log: log as RoomLog, read };
}

function pageSince(log: RoomLog, cursor: Cursor | undefined, maxEvents: number): PollPage {
  return missedPage(log, resumptionOf(log, cursor, maxEvents, true));
}

it("reads no more of the log than fits in one answer, and one to see that it does not", () => {
  const { log, read } = logOf(100_000, 100_000);
  const page = pageSince(log, { seq: 7, epoch: "e" }, 100_000);
  expect(page).toMatchObject({ epoch: "e", seq: 17, recovered: true });
  expect(page.events).toHaveLength(10);
  expect(read.events).toBe(11);
});

it("answers one event at least, and nothing to whoever has it all or cannot resume", () => {
  const { log, read } = logOf(3, 2_000_000);
  expect(pageSince(log, { seq: 1, epoch: "e" }, 10)).toMatchObject({ seq: 2, recovered: true });
  read.events = 0;
  expect(pageSince(log, { seq: 3, epoch: "e" }, 10)).toMatchObject({ events: [], seq: 3 });
  expect(pageSince(log, { seq: 0, epoch: "e" }, 2)).toMatchObject({ seq: 3, recovered: false });
  expect(pageSince(log, undefined, 10)).toMatchObject({ seq: 3, recovered: false });
  expect(read.events).toBe(0);
});
