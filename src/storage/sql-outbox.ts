import type { NotificationContent } from "../protocol/notification.ts";
import {
  BASE_RETRY_MS,
  FIRST_RETRY_MS,
  MAX_RETRY_MS,
  type Notice,
  type OutboxStore,
  type StoredNotice,
} from "../room/outbox.ts";
import {
  type Database,
  first,
  numberIn,
  optionalNumberIn,
  type SqlRow,
  textIn,
} from "./database.ts";

/** How far ahead a notice can be due after so many tries, by the clock that made it so. */
const LONGEST_WAIT = `MAX(${FIRST_RETRY_MS}, MIN(${BASE_RETRY_MS} << MIN(tries, 20), ${MAX_RETRY_MS}))`;

const SELECT = "SELECT id, recipient, source, key, content, tries FROM outbox";

/** Notices in SQLite, one row each, gone once delivered. */
export class SqlOutbox implements OutboxStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add({ recipient, source, key, content }: Notice, due: number): void {
    this.#database.query(
      "INSERT INTO outbox (recipient, source, key, content, tries, due) VALUES (?, ?, ?, ?, 0, ?)",
      recipient,
      source,
      key,
      JSON.stringify(content),
      due,
    );
  }

  due(by: number, limit: number): readonly StoredNotice[] {
    const statement = `${SELECT} WHERE due <= ? OR due > ? + ${LONGEST_WAIT} ORDER BY id LIMIT ?`;
    return [...this.#database.query(statement, by, by, limit)].map(noticeOf);
  }

  untried(limit: number): readonly StoredNotice[] {
    const statement = `${SELECT} WHERE tries = 0 ORDER BY id LIMIT ?`;
    return [...this.#database.query(statement, limit)].map(noticeOf);
  }

  remove(ids: readonly number[]): void {
    for (const id of ids) this.#database.query("DELETE FROM outbox WHERE id = ?", id);
  }

  postpone(id: number, due: number): void {
    this.#database.query("UPDATE outbox SET tries = tries + 1, due = ? WHERE id = ?", due, id);
  }

  nextDue(now: number): number | undefined {
    const statement = `SELECT MIN(MIN(due, ? + ${LONGEST_WAIT})) AS due FROM outbox`;
    const row = first(this.#database.query(statement, now));
    return row === undefined ? undefined : optionalNumberIn(row, "due");
  }
}

function noticeOf(row: SqlRow): StoredNotice {
  return {
    id: numberIn(row, "id"),
    recipient: textIn(row, "recipient"),
    source: numberIn(row, "source"),
    key: textIn(row, "key"),
    // Written by this class from a checked notice, so it is one.
    content: JSON.parse(textIn(row, "content")) as NotificationContent,
    tries: numberIn(row, "tries"),
  };
}
