import type { WriterStore } from "../room/known-people.ts";
import { type Database, first } from "./database.ts";

/** Who has written, in SQLite: one row a person. */
export class SqlWriters implements WriterStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  has(userId: string): boolean {
    const statement = "SELECT user_id FROM writers WHERE user_id = ?";
    return first(this.#database.query(statement, userId)) !== undefined;
  }

  add(userId: string): void {
    this.#database.query("INSERT OR IGNORE INTO writers (user_id) VALUES (?)", userId);
  }
}
