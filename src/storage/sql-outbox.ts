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

/** Visits of a row's recipient that failed. */
const TRIES = "COALESCE(resting.tries, 0)";

/** How far ahead a recipient can be due after so many tries, by the clock that made it so. */
const LONGEST_WAIT = `MAX(${FIRST_RETRY_MS}, MIN(${BASE_RETRY_MS} << MIN(${TRIES}, 20), ${MAX_RETRY_MS}))`;

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
    SELECT id, recipient, ${TRIES} AS tries FROM outbox LEFT JOIN resting USING (recipient)
    WHERE (resting.due IS NULL OR resting.due <= ? OR resting.due > ? + ${LONGEST_WAIT}) AND ${NOT_EXCEPTED}),
  chosen AS (SELECT recipient FROM waiting GROUP BY recipient ORDER BY MIN(tries), MIN(id) LIMIT ?),
  placed AS (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY recipient ORDER BY id) AS place FROM waiting
    WHERE recipient IN (SELECT recipient FROM chosen))
SELECT id, recipient, source, key, content, ${TRIES} AS tries, at
  FROM outbox LEFT JOIN resting USING (recipient)
  WHERE id IN (SELECT id FROM placed WHERE place <= ?) ORDER BY id`;

/** Notices in SQLite, one row each, gone once delivered; and a row for each recipient who rests. */
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
    this.#rest(recipient, due, "tries + 1");
  }

  defer(recipient: string, due: number): void {
    this.#rest(recipient, due, "tries");
  }

  reached(recipient: string): void {
    this.#database.query("DELETE FROM resting WHERE recipient = ?", recipient);
  }

  hasRoomFor(more: number, most: number): boolean {
    // Ids rise, so mostly it need not be counted.
    const statement =
      "SELECT (SELECT MAX(id) FROM outbox) - (SELECT MIN(id) FROM outbox) + 1 AS span";
    const row = first(this.#database.query(statement));
    const span = row === undefined ? 0 : (optionalNumberIn(row, "span") ?? 0);
    return span + more <= most || this.#count() + more <= most;
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
      "DELETE FROM resting WHERE recipient NOT IN (SELECT recipient FROM outbox)",
    );
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
    const statement = `SELECT recipient, MIN(due, ? + ${LONGEST_WAIT}) AS until FROM resting WHERE due > ?`;
    const rows = [...this.#database.query(statement, now, now)];
    return new Map(rows.map((row) => [textIn(row, "recipient"), numberIn(row, "until")]));
  }

  nextDue(now: number, except: readonly string[]): number | undefined {
    const statement = `SELECT MIN(MIN(COALESCE(resting.due, outbox.due), ? + ${LONGEST_WAIT})) AS due
      FROM outbox LEFT JOIN resting USING (recipient) WHERE ${NOT_EXCEPTED}`;
    const row = first(this.#database.query(statement, now, JSON.stringify(except)));
    return row === undefined ? undefined : optionalNumberIn(row, "due");
  }

  #rest(recipient: string, due: number, tries: string): void {
    // Without VALUES: where nothing was ever stored, nobody rests.
    const statement = `INSERT INTO resting (recipient, tries, due) SELECT ?, 1, ? WHERE TRUE
      ON CONFLICT (recipient) DO UPDATE SET tries = ${tries}, due = excluded.due`;
    this.#database.query(statement, recipient, due);
  }

  #count(): number {
    const row = first(this.#database.query("SELECT COUNT(*) AS count FROM outbox"));
    return row === undefined ? 0 : numberIn(row, "count");
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
