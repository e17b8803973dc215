import * as z from "zod";
import { seqSchema } from "../../protocol/field-schema.ts";
import { anyJson } from "../../protocol/message-schema.ts";
import type { KindArchive } from "../../room/store/archive.ts";
import { ownLine } from "../own-line.ts";
import { SqlSnapshot } from "./sql-snapshot.ts";

const snapshotLine = z.object({
  type: z.literal("snapshot"),
  seq: seqSchema,
  version: seqSchema,
  snapshot: anyJson,
});

/** What of a document's export is its own: the newest snapshot. */
export const DOCUMENT_ARCHIVE: KindArchive = {
  lines: [
    ownLine(snapshotLine, {
      readUpTo: ({ seq }) => seq,
      take: ({ version, seq, snapshot }, tables) =>
        new SqlSnapshot(tables).save(version, seq, snapshot),
    }),
  ],
  sections: () => [
    {
      select:
        "SELECT name, value, (SELECT value FROM own WHERE name = 'snapshot-seq') AS seq FROM own WHERE name = 'snapshot' AND name > ?",
      key: "name",
      from: "",
      line: ({ seq, value }) => `{"type":"snapshot","seq":${seq},${String(value).slice(1)}`,
      // A newer one may be of what came after the head that the export is of.
      isAtOnce: true,
    },
  ],
};
