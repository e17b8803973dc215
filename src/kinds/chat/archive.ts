import * as z from "zod";
import { storedIdSchema } from "../../protocol/archive-schema.ts";
import type { KindArchive } from "../../room/store/archive.ts";
import { ownLine } from "../own-line.ts";
import { SqlWriters } from "./sql-writers.ts";

/** What of a chat's export is its own: who has written. */
export const CHAT_ARCHIVE: KindArchive = {
  lines: [
    ownLine(z.object({ type: z.literal("writer"), userId: storedIdSchema }), {
      take: ({ userId }, tables) => new SqlWriters(tables).add(userId),
    }),
  ],
  sections: () => [
    {
      select: "SELECT user_id FROM writers WHERE user_id > ?",
      key: "user_id",
      from: "",
      line: ({ user_id }) => JSON.stringify({ type: "writer", userId: user_id }),
    },
  ],
};
