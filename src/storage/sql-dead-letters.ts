import { BOUNDS } from "../protocol/limits.ts";
import type { DeadLetter, DeadLetterStore, StoredDeadLetter } from "../room/store/dead-letters.ts";
import {
  type Database,
  first,
  numberIn,
  optionalNumberIn,
  type SqlRow,
  textIn,
} from "./database.ts";

const COLUMNS = "id, carrier, recipient, source, key, content, at, reason, given_up_at";

/** The newest id of those that are too many, or too large, together with all that are newer. */
const OVERFLOW = `SELECT MAX(id) AS last FROM (
  SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS place,
    SUM(LENGTH(CAST(content AS BLOB))) OVER (ORDER BY id DESC) AS bytes FROM dead_letters)
  WHERE place > ? OR bytes > ?`;

/** Dead letters in SQLite, one row each. */
export class SqlDeadLetters implements DeadLetterStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add({ to, source, key, body, at, reason }: DeadLetter, now: number): number {
    this.#database.query(
      "INSERT INTO dead_letters (carrier, recipient, source, key, content, at, reason, given_up_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      to.carrier,
      to.recipient,
      source,
      key,
      JSON.stringify(body),
      at,
      reason,
      now,
    );
    return this.#trim();
  }

  /** Takes deliveries out of the outbox; how many older letters had to go for them. */
  bury(ids: readonly number[], reason: string, now: number): number {
    for (const id of ids) {
      this.#database.query(
        `INSERT INTO dead_letters (carrier, recipient, source, key, content, at, reason, given_up_at)
          SELECT carrier, recipient, source, key, content, at, ?, ? FROM outbox WHERE id = ?`,
        reason,
        now,
        id,
      );
      this.#database.query("DELETE FROM outbox WHERE id = ?", id);
    }
    return this.#trim();
  }

  page(limit: number, before = Number.MAX_SAFE_INTEGER): readonly StoredDeadLetter[] {
    const statement = `SELECT ${COLUMNS} FROM dead_letters WHERE id < ? ORDER BY id DESC LIMIT ?`;
    return [...this.#database.query(statement, before, limit)].map(letterIn);
  }

  get count(): number {
    const row = first(this.#database.query("SELECT COUNT(*) AS count FROM dead_letters"));
    return row === undefined ? 0 : numberIn(row, "count");
  }

  find(id: number): StoredDeadLetter | undefined {
    const row = first(this.#database.query(`SELECT ${COLUMNS} FROM dead_letters WHERE id = ?`, id));
    return row === undefined ? undefined : letterIn(row);
  }

  remove(id: number): void {
    this.#database.query("DELETE FROM dead_letters WHERE id = ?", id);
  }

  #trim(): number {
    const row = first(this.#database.query(OVERFLOW, BOUNDS.deadLetters, BOUNDS.deadLetterBytes));
    const last = row === undefined ? undefined : optionalNumberIn(row, "last");
    if (last === undefined) return 0;
    const before = this.count;
    this.#database.query("DELETE FROM dead_letters WHERE id <= ?", last);
    return before - this.count;
  }
}

function letterIn(row: SqlRow): StoredDeadLetter {
  return {
    id: numberIn(row, "id"),
    to: { carrier: textIn(row, "carrier"), recipient: textIn(row, "recipient") },
    source: numberIn(row, "source"),
    key: textIn(row, "key"),
    body: JSON.parse(textIn(row, "content")),
    reason: textIn(row, "reason"),
    at: numberIn(row, "at"),
    givenUpAt: numberIn(row, "given_up_at"),
  };
}
