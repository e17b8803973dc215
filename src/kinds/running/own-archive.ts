import * as z from "zod";
import { seqSchema } from "../../protocol/field-schema.ts";
import { anyJson } from "../../protocol/message-schema.ts";
import type { KindArchive } from "../../room/store/archive.ts";
import { ownLine } from "../own-line.ts";
import { IS_ARCHIVED, namedRow, StandingStore } from "./standing-store.ts";

const wholeSchema = z.int().min(0);
const versionSchema = z.int().min(1);

const stateSchema = z.object({
  type: z.literal("state"),
  version: versionSchema,
  seq: wholeSchema,
  state: anyJson,
});

const timerSchema = z.object({
  type: z.literal("timer"),
  name: z.string().min(1).max(64),
  at: z.int(),
  data: anyJson,
  failed: z.object({ times: wholeSchema, retryAt: z.int() }).exactOptional(),
});

const versionLineSchema = z.object({
  type: z.literal("version"),
  from: seqSchema,
  version: versionSchema,
});

/**
 * What of an export of a team's own kind is its own: its state, for what that was folded from may have
 * been trimmed; its timers; and which versions of its contract its events are of.
 */
export const OWN_ARCHIVE: KindArchive = {
  lines: [
    ownLine(stateSchema, {
      readUpTo: ({ seq }) => seq,
      take: ({ type: _, ...snapshot }, tables) => new StandingStore(tables).saveSnapshot(snapshot),
    }),
    ownLine(timerSchema, {
      take: ({ type: _, name, ...timer }, tables) =>
        new StandingStore(tables).setTimer(name, timer),
    }),
    ownLine(versionLineSchema, {
      readUpTo: ({ from }) => from,
      take: ({ from, version }, tables) => new StandingStore(tables).setVersion(from, version),
    }),
  ],
  sections: () => [
    {
      select: `SELECT name, value FROM own WHERE ${IS_ARCHIVED} AND name > ?`,
      key: "name",
      from: "",
      line: namedRow,
      // A state of later on would be of a log that the export does not have.
      isAtOnce: true,
    },
  ],
};
