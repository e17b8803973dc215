import * as z from "zod";
import type { SavedGame } from "../../game/keeping.ts";
import { anyJson } from "../../protocol/message-schema.ts";
import type { Tables } from "../../room/store/tables.ts";
import { first, textIn } from "../../storage/database.ts";

/** The row's name in the table of what kinds keep beside the log. */
export const SAVED_GAME = "game";

/** What is kept of a game. */
export const savedGameSchema = z.object({ tick: z.int().min(0), data: anyJson });

/** What is kept of a game in SQLite: one row, which each save writes over. */
export class SqlSavedGame {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  load(): SavedGame | undefined {
    const row = first(this.#tables.query("SELECT value FROM own WHERE name = ?", SAVED_GAME));
    return row === undefined ? undefined : savedGameSchema.parse(JSON.parse(textIn(row, "value")));
  }

  save(saved: SavedGame): void {
    this.#tables.query(
      "INSERT INTO own (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      SAVED_GAME,
      JSON.stringify(saved),
    );
  }
}
