import * as z from "zod";
import { BOUNDS } from "../../protocol/limits.ts";
import { anyJson, timestampSchema } from "../../protocol/message-schema.ts";
import type { KindArchive } from "../../room/store/archive.ts";
import { ownLine } from "../own-line.ts";
import { SqlLastValues } from "./sql-last-values.ts";

const lastSchema = z.object({
  type: z.literal("last"),
  event: z.string().min(1).max(BOUNDS.publishEventChars),
  data: anyJson,
  timestamp: timestampSchema,
});

/** What of a topic's export is its own: the last value of each event. */
export const TOPIC_ARCHIVE: KindArchive = {
  lines: [
    ownLine(lastSchema, {
      take({ event, data, timestamp }, tables) {
        new SqlLastValues(tables).save(new Map([[event, { data, timestamp }]]));
      },
    }),
  ],
  sections: () => [
    {
      select: "SELECT event, data, timestamp FROM last_values WHERE event > ?",
      key: "event",
      from: "",
      line: ({ event, data, timestamp }) =>
        `{"type":"last","event":${JSON.stringify(event)},"data":${data},"timestamp":"${timestamp}"}`,
    },
  ],
};
