import type { NotificationContent } from "../protocol/notification.ts";
import {
  BASE_RETRY_MS,
  FIRST_RETRY_MS,
  MAX_RETRY_MS,
  type Notice,
  type OutboxStore,
  type Resting,
  type Round,
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

/** Dead letters kept: the newest. Who looks for more has the log. */
const DEAD_LETTERS_KEPT = 1_000;

const NOT_EXCEPTED = "recipient NOT IN (SELECT value FROM json_each(?))";

/**
 * Recipients of what was never tried come first: they do not wait for those who failed before. It
 * takes two looks over what waits, however many the recipients: an index would be two billed rows a
 * notice, and most are gone within milliseconds.
 */
const WAITING = `WITH
  waiting AS (
    SELECT id, recipient, tries FROM outbox
    WHERE (tries = 0 OR due <= ? OR due > ? + ${LONGEST_WAIT}) AND ${NOT_EXCEPTED}),
  chosen AS (SELECT recipient FROM waiting GROUP BY recipient ORDER BY MIN(tries), MIN(id) LIMIT ?),
  placed AS (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY recipient ORDER BY id) AS place FROM waiting
    WHERE recipient IN (SELECT recipient FROM chosen))
SELECT id, recipient, source, key, content, tries, at FROM outbox
  WHERE id IN (SELECT id FROM placed WHERE place <= ?) ORDER BY id`;

/** Notices in SQLite, one row each, gone once delivered. */
export class SqlOutbox implements OutboxStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add({ recipient, source, key, content }: Notice, at: number): void {
    this.#database.query(
      "INSERT INTO outbox (recipient, source, key, content, tries, due, at) VALUES (?, ?, ?, ?, 0, ?, ?)",
      recipient,
      source,
      key,
      JSON.stringify(content),
      at + FIRST_RETRY_MS,
      at,
    );
  }

  waiting({ now, except, recipients, each }: Round): readonly StoredNotice[] {
    const rows = this.#database.query(WAITING, now, now, JSON.stringify(except), recipients, each);
    return [...rows].map(noticeOf);
  }

  remove(ids: readonly number[]): void {
    for (const id of ids) this.#database.query("DELETE FROM outbox WHERE id = ?", id);
  }

  postpone(recipient: string, due: number): void {
    const statement = "UPDATE outbox SET tries = tries + 1, due = ? WHERE recipient = ?";
    this.#database.query(statement, due, recipient);
  }

  defer(ids: readonly number[], due: number): void {
    const statement = "UPDATE outbox SET tries = MAX(tries, 1), due = ? WHERE id = ?";
    for (const id of ids) this.#database.query(statement, due, id);
  }

  bury(ids: readonly number[]): void {
    if (ids.length === 0) return;
    for (const id of ids) {
      this.#database.query(
        "INSERT INTO dead_letters (recipient, source, key, content, at) SELECT recipient, source, key, content, at FROM outbox WHERE id = ?",
        id,
      );
    }
    this.remove(ids);
    this.#database.query(
      "DELETE FROM dead_letters WHERE id <= (SELECT MAX(id) FROM dead_letters) - ?",
      DEAD_LETTERS_KEPT,
    );
  }

  beyond(recipient: string, kept: number): readonly number[] {
    const statement = "SELECT id FROM outbox WHERE recipient = ? ORDER BY id LIMIT -1 OFFSET ?";
    return [...this.#database.query(statement, recipient, kept)].map((row) => numberIn(row, "id"));
  }

  resting(now: number): Resting {
    const statement = `SELECT recipient, MAX(MIN(due, ? + ${LONGEST_WAIT})) AS until FROM outbox WHERE tries > 0 AND due > ? GROUP BY recipient`;
    const rows = [...this.#database.query(statement, now, now)];
    return new Map(rows.map((row) => [textIn(row, "recipient"), numberIn(row, "until")]));
  }

  nextDue(now: number, except: readonly string[]): number | undefined {
    const statement = `SELECT MIN(MIN(due, ? + ${LONGEST_WAIT})) AS due FROM outbox WHERE ${NOT_EXCEPTED}`;
    const row = first(this.#database.query(statement, now, JSON.stringify(except)));
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
    at: numberIn(row, "at"),
  };
}
