import * as z from "zod";
import { seqSchema } from "../../protocol/field-schema.ts";
import type { KindArchive } from "../../room/store/archive.ts";
import { ownLine } from "../own-line.ts";
import { SqlInbox } from "./sql-inbox.ts";

/** What of an inbox's export is its own: which notices were read, up to a mark and one by one beyond. */
export const INBOX_ARCHIVE: KindArchive = {
  lines: [
    ownLine(z.object({ type: z.literal("inbox"), readUpTo: z.int().min(0) }), {
      readUpTo: ({ readUpTo }) => readUpTo,
      take: ({ readUpTo }, tables) => new SqlInbox(tables).markRead({ upTo: readUpTo }),
    }),
    ownLine(z.object({ type: z.literal("inbox_read"), seq: seqSchema }), {
      readUpTo: ({ seq }) => seq,
      take: ({ seq }, tables) => new SqlInbox(tables).markRead({ ids: [seq] }),
    }),
  ],
  sections: (head) => [
    {
      select: "SELECT read_up_to FROM inbox WHERE read_up_to > ?",
      key: "read_up_to",
      from: 0,
      line: ({ read_up_to }) =>
        JSON.stringify({ type: "inbox", readUpTo: Math.min(Number(read_up_to), head) }),
    },
    {
      select: `SELECT seq FROM inbox_reads WHERE seq <= ${head} AND seq > ?`,
      key: "seq",
      from: 0,
      line: ({ seq }) => JSON.stringify({ type: "inbox_read", seq }),
    },
  ],
};
