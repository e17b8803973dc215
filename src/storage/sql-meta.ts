import { type Database, first, textIn } from "./database.ts";

/** The few facts that a room keeps from its first write on. */
export class SqlMeta {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What was kept under a key; `undefined` when nothing was. */
  get(key: string): string | undefined {
    const row = first(this.#database.query("SELECT value FROM meta WHERE key = ?", key));
    return row === undefined ? undefined : textIn(row, "value");
  }

  set(key: string, value: string): void {
    this.#database.query("INSERT INTO meta (key, value) VALUES (?, ?)", key, value);
  }

  remove(key: string): void {
    this.#database.query("DELETE FROM meta WHERE key = ?", key);
  }
}
