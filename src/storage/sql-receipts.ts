import type { ReceiptStore } from "../room/store/receipts.ts";
import { type Database, first, numberIn, textIn } from "./database.ts";

/** Receipts in SQLite: one row a person. */
export class SqlReceipts implements ReceiptStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  load(limit: number): ReadonlyMap<string, number> {
    const statement = "SELECT user_id, up_to FROM receipts ORDER BY up_to DESC LIMIT ?";
    const rows = [...this.#database.query(statement, limit)];
    return new Map(rows.map((row) => [textIn(row, "user_id"), numberIn(row, "up_to")]));
  }

  save(receipts: ReadonlyMap<string, number>): void {
    for (const [userId, upTo] of receipts) {
      this.#database.query(
        "INSERT INTO receipts (user_id, up_to) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET up_to = MAX(up_to, excluded.up_to)",
        userId,
        upTo,
      );
    }
  }

  trim(kept: number): void {
    const row = first(this.#database.query("SELECT COUNT(*) AS count FROM receipts"));
    if (row === undefined || numberIn(row, "count") <= kept) return;
    this.#database.query(
      "DELETE FROM receipts WHERE user_id NOT IN (SELECT user_id FROM receipts ORDER BY up_to DESC LIMIT ?)",
      kept,
    );
  }
}
