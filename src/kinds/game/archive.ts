import * as z from "zod";
import type { KindArchive } from "../../room/store/archive.ts";
import { textIn } from "../../storage/database.ts";
import { ownLine } from "../own-line.ts";
import { SAVED_GAME, SqlSavedGame, savedGameSchema } from "./sql-saved-game.ts";

const lineSchema = savedGameSchema.extend({ type: z.literal("game") });

/** What of a game's export is its own: what it had saved. */
export const GAME_ARCHIVE: KindArchive = {
  lines: [
    ownLine(lineSchema, {
      take: ({ type: _, ...saved }, tables) => new SqlSavedGame(tables).save(saved),
    }),
  ],
  sections: () => [
    {
      select: `SELECT name, value FROM own WHERE name = '${SAVED_GAME}' AND name > ?`,
      key: "name",
      from: "",
      line: (row) => `{"type":"game",${textIn(row, "value").slice(1)}`,
    },
  ],
};
