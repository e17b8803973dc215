import { type Database, first, textIn } from "./database.ts";

/** The few facts that a room keeps from its first opening on. */
export class SqlMeta {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What was kept under a key; at the first time, what `make` says. */
  keep(key: string, make: () => string): string {
    const row = first(this.#database.query("SELECT value FROM meta WHERE key = ?", key));
    if (row !== undefined) return textIn(row, "value");
    const value = make();
    this.#database.query("INSERT INTO meta (key, value) VALUES (?, ?)", key, value);
    return value;
  }
}
