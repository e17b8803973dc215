import { frameParser } from "../../protocol/client-frame-schema.ts";
import { takesFrame } from "../../protocol/frames.ts";
import type { RoomKind } from "../../room/hooks/kind.ts";
import { eventFrame } from "../../room/log/event-frame.ts";
import type { Section } from "../../room/store/archive.ts";
import type { InboxChange, InboxFrame } from "./inbox-frame.ts";
import { InboxRoom } from "./inbox-room.ts";
import { IS_READ, SqlInbox, shown } from "./sql-inbox.ts";

/** Rooms of one person each, in which notifications arrive. */
export const INBOX: RoomKind<InboxFrame, InboxChange> = {
  name: "inbox",
  prefix: "user",
  presence: false,
  receipts: false,
  outside: "",
  log: { frame: eventFrame, columns: IS_READ, payload: shown },
  archive: {
    lines: ["inbox", "inbox_read"],
    sections: (head) => [READ_UP_TO, readsUpTo(head)],
    take(line, tables) {
      if (line.type === "inbox") new SqlInbox(tables).markRead({ upTo: line.readUpTo });
      if (line.type === "inbox_read") new SqlInbox(tables).markRead({ ids: [line.seq] });
    },
  },
  takes: (type) => takesFrame("inbox", type),
  parser: ({ contentChars }) => frameParser("inbox", contentChars),
  open: (ports) => new InboxRoom(ports),
};

const READ_UP_TO: Section = {
  select: "SELECT read_up_to FROM inbox WHERE read_up_to > ?",
  key: "read_up_to",
  from: 0,
  line: ({ read_up_to }, head) =>
    JSON.stringify({ type: "inbox", readUpTo: Math.min(Number(read_up_to), head) }),
};

/** Notices that were read one by one. */
function readsUpTo(head: number): Section {
  return {
    select: `SELECT seq FROM inbox_reads WHERE seq <= ${head} AND seq > ?`,
    key: "seq",
    from: 0,
    line: ({ seq }) => JSON.stringify({ type: "inbox_read", seq }),
  };
}
