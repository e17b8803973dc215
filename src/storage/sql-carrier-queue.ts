import {
  BASE_RETRY_MS,
  type CarrierQueue,
  FIRST_RETRY_MS,
  MAX_RETRY_MS,
  type Resting,
  type Round,
  type StoredDelivery,
} from "../room/store/outbox.ts";
import {
  type Database,
  first,
  numberIn,
  optionalNumberIn,
  type SqlRow,
  textIn,
} from "./database.ts";
import { SqlDeadLetters } from "./sql-dead-letters.ts";

/** What waits, beside who rests: a row of the outbox, and its recipient's. */
const OUTBOX = "outbox LEFT JOIN resting USING (carrier, recipient)";

/** Visits of a row's recipient that failed. */
const TRIES = "COALESCE(resting.tries, 0)";

/** How far ahead a recipient can be due after so many tries, by the clock that made it so. */
const LONGEST_WAIT = `MAX(${FIRST_RETRY_MS}, MIN(${BASE_RETRY_MS} << MIN(${TRIES}, 20), ${MAX_RETRY_MS}))`;

const NOT_EXCEPTED = "carrier = ? AND recipient NOT IN (SELECT value FROM json_each(?))";

/**
 * Recipients of what was never tried come first: they do not wait for those who failed before. It
 * takes two looks over what waits, however many the recipients: an index would be two billed rows a
 * delivery, and most are gone within milliseconds.
 */
const WAITING = `WITH
  waiting AS (
    SELECT id, recipient, ${TRIES} AS tries FROM ${OUTBOX}
    WHERE (resting.due IS NULL OR resting.due <= ? OR resting.due > ? + ${LONGEST_WAIT}) AND ${NOT_EXCEPTED}),
  chosen AS (SELECT recipient FROM waiting GROUP BY recipient ORDER BY MIN(tries), MIN(id) LIMIT ?),
  placed AS (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY recipient ORDER BY id) AS place FROM waiting
    WHERE recipient IN (SELECT recipient FROM chosen))
SELECT id, carrier, recipient, source, key, content, ${TRIES} AS tries, at FROM ${OUTBOX}
  WHERE id IN (SELECT id FROM placed WHERE place <= ?) ORDER BY id`;

/** What waits for one carrier in SQLite; and a row for each of its recipients who rests. */
export class SqlCarrierQueue implements CarrierQueue {
  readonly #database: Database;
  readonly #carrier: string;

  constructor(database: Database, carrier: string) {
    this.#database = database;
    this.#carrier = carrier;
  }

  hasRoomFor(more: number, most: number): boolean {
    // Ids rise, whoever brings them, so mostly it need not be counted.
    const statement =
      "SELECT (SELECT MAX(id) FROM outbox) - (SELECT MIN(id) FROM outbox) + 1 AS span";
    const row = first(this.#database.query(statement));
    const span = row === undefined ? 0 : (optionalNumberIn(row, "span") ?? 0);
    return span + more <= most || this.#count() + more <= most;
  }

  waiting({ now, except, recipients, each }: Round): readonly StoredDelivery[] {
    const bindings = [now, now, this.#carrier, JSON.stringify(except), recipients, each];
    return [...this.#database.query(WAITING, ...bindings)].map(deliveryIn);
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
    const statement = "DELETE FROM resting WHERE carrier = ? AND recipient = ?";
    this.#database.query(statement, this.#carrier, recipient);
  }

  bury(ids: readonly number[], reason: string, now: number): number {
    if (ids.length === 0) return 0;
    const dropped = new SqlDeadLetters(this.#database).bury(ids, reason, now);
    this.#database.query(
      "DELETE FROM resting WHERE carrier = ? AND recipient NOT IN (SELECT recipient FROM outbox WHERE carrier = ?)",
      this.#carrier,
      this.#carrier,
    );
    return dropped;
  }

  beyond(recipient: string, kept: number): readonly number[] {
    const statement =
      "SELECT id FROM outbox WHERE carrier = ? AND recipient = ? ORDER BY id LIMIT -1 OFFSET ?";
    const rows = this.#database.query(statement, this.#carrier, recipient, kept);
    return [...rows].map((row) => numberIn(row, "id"));
  }

  resting(now: number): Resting {
    const statement = `SELECT recipient, MIN(due, ? + ${LONGEST_WAIT}) AS until FROM resting WHERE carrier = ? AND due > ?`;
    const rows = [...this.#database.query(statement, now, this.#carrier, now)];
    return new Map(rows.map((row) => [textIn(row, "recipient"), numberIn(row, "until")]));
  }

  nextDue(now: number, except: readonly string[]): number | undefined {
    const statement = `SELECT MIN(MIN(COALESCE(resting.due, outbox.due), ? + ${LONGEST_WAIT})) AS due
      FROM ${OUTBOX} WHERE ${NOT_EXCEPTED}`;
    const rows = this.#database.query(statement, now, this.#carrier, JSON.stringify(except));
    const row = first(rows);
    return row === undefined ? undefined : optionalNumberIn(row, "due");
  }

  #count(): number {
    const statement = "SELECT COUNT(*) AS count FROM outbox WHERE carrier = ?";
    const row = first(this.#database.query(statement, this.#carrier));
    return row === undefined ? 0 : numberIn(row, "count");
  }

  #rest(recipient: string, due: number, tries: string): void {
    // Without VALUES: where nothing was ever stored, nobody rests.
    const statement = `INSERT INTO resting (carrier, recipient, tries, due) SELECT ?, ?, 1, ? WHERE TRUE
      ON CONFLICT (carrier, recipient) DO UPDATE SET tries = ${tries}, due = excluded.due`;
    this.#database.query(statement, this.#carrier, recipient, due);
  }
}

function deliveryIn(row: SqlRow): StoredDelivery {
  return {
    id: numberIn(row, "id"),
    to: { carrier: textIn(row, "carrier"), recipient: textIn(row, "recipient") },
    source: numberIn(row, "source"),
    key: textIn(row, "key"),
    body: JSON.parse(textIn(row, "content")),
    tries: numberIn(row, "tries"),
    at: numberIn(row, "at"),
  };
}
