import type { Tables } from "../../room/store/tables.ts";
import { first } from "../../storage/database.ts";
import type { WriterStore } from "./known-people.ts";

/** Who has written, in SQLite: one row a person. */
export class SqlWriters implements WriterStore {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  has(userId: string): boolean {
    const statement = "SELECT user_id FROM writers WHERE user_id = ?";
    return first(this.#tables.query(statement, userId)) !== undefined;
  }

  add(userId: string): void {
    this.#tables.query("INSERT OR IGNORE INTO writers (user_id) VALUES (?)", userId);
  }
}
