import { type Database, first, numberIn, optionalNumberIn, type SqlRow } from "./database.ts";

/** Condition of a row that history shows: a message or notification, or the tombstone in its place. */
const IS_SHOWN =
  "(type IN ('new_message', 'notification') OR (type = 'message_deleted' AND target = seq))";

/** How far to look for the next message before searching: in most logs it is the next row. */
const NEAR = 256;

/** The row that says more of the messages before `place` than the older release's row there does. */
const LANDMARK = `SELECT CASE WHEN ${IS_SHOWN} THEN seq ELSE previous END FROM log
  WHERE seq < place AND (${IS_SHOWN} OR previous IS NOT NULL) ORDER BY seq DESC LIMIT 1`;

/** The message before `place`, 0 for none. */
const PREVIOUS = `COALESCE((SELECT previous FROM log WHERE seq = place), (${LANDMARK}), 0)`;

/** Where the log's messages stand at one row, that row included. */
export interface Tip {
  /** `seq` of the newest message; 0 for none. */
  readonly message: number;
  /** How many messages there have been. Rows of older releases have no number, and count as one each. */
  readonly ordinal: number;
}

/** A row and its number, which those of older releases do not have. */
interface Numbered {
  readonly seq: number;
  readonly ordinal: number | undefined;
}

/**
 * The messages and notifications of the log, apart from the events between them. Every row holds the
 * `seq` of the message before it (`previous`) and how many messages there were with it (`ordinal`),
 * so that history costs what it shows and not what lies between, with no index: an index row is a
 * billed write. Both only ever rise along the log, which makes them searchable. Rows that older
 * releases wrote have neither; they are searched one by one, as those releases did.
 */
export class MessageChain {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Where the messages stand at a row of the log. */
  tipAt(seq: number): Tip {
    const statement = `SELECT ${IS_SHOWN} AS shown, ordinal FROM log WHERE seq = ?`;
    const row = first(this.#database.query(statement, seq));
    if (row === undefined) return { message: 0, ordinal: 0 };
    return {
      message: numberIn(row, "shown") === 1 ? seq : this.before(seq),
      // No ordinal is above its own seq, so that of a row without one may be its seq.
      ordinal: optionalNumberIn(row, "ordinal") ?? seq,
    };
  }

  /** `seq` of the newest message before a row of the log; 0 when there is none, or none any more. */
  before(seq: number): number {
    const statement = `SELECT ${PREVIOUS} AS message FROM (SELECT ? AS place)`;
    const row = first(this.#database.query(statement, seq));
    return row === undefined ? 0 : numberIn(row, "message");
  }

  /**
   * Messages from one on backwards, newest first, deleted ones among them, as they are taken.
   *
   * @param oldest `seq` of the first row that the log still has.
   */
  walkBack(from: number, limit: number, oldest: number): Iterable<SqlRow> {
    return this.#walk(from, limit, oldest, "");
  }

  /** The same without deleted ones, of which it passes at most so many. */
  walkPresent(from: number, limit: number, passed: number, oldest: number): Iterable<SqlRow> {
    return this.#walk(from, limit + passed, oldest, `WHERE type = 'new_message' LIMIT ${limit}`);
  }

  /** At most `limit` messages after a row, oldest first, as they are taken. */
  *after(seq: number, limit: number, head: number, tip: Tip): Iterable<SqlRow> {
    let left = limit;
    let from = seq;
    while (left > 0 && from < tip.message) {
      const before = left;
      for (const row of this.#near(from, left)) {
        left -= 1;
        yield row;
      }
      from = left === before ? this.#first(from, head, tip) - 1 : from + NEAR;
    }
  }

  /** `seq` of the oldest of the newest `count` messages; `undefined` when nothing stands before them. */
  firstOfNewest(count: number, oldest: number, head: number, tip: Tip): number | undefined {
    const ordinal = tip.ordinal - count + 1;
    const found = this.#search(oldest, head, (row) => (row.ordinal ?? row.seq) >= ordinal);
    if (found.ordinal !== undefined) return found.seq > oldest ? found.seq : undefined;
    // Among rows that are not numbered.
    const statement = `SELECT seq FROM log WHERE ${IS_SHOWN} ORDER BY seq DESC LIMIT 1 OFFSET ?`;
    const row = first(this.#database.query(statement, count - 1));
    return row === undefined ? undefined : numberIn(row, "seq");
  }

  /** The first row from `low` to `high` that passes, or `high`; of those before it none does. */
  #search(low: number, high: number, passes: (row: Numbered) => boolean): Numbered {
    let from = low;
    let to = high;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (passes(this.#numbered(middle))) to = middle;
      else from = middle + 1;
    }
    return this.#numbered(to);
  }

  #numbered(seq: number): Numbered {
    const row = first(this.#database.query("SELECT ordinal FROM log WHERE seq = ?", seq));
    return { seq, ordinal: row === undefined ? undefined : optionalNumberIn(row, "ordinal") };
  }

  #walk(from: number, steps: number, oldest: number, filter: string): Iterable<SqlRow> {
    const statement = `WITH RECURSIVE chain (place, step) AS (
        SELECT ?, 1
        UNION ALL
        SELECT ${PREVIOUS}, step + 1 FROM chain WHERE step < ? AND place >= ?
      )
      SELECT seq, type, payload FROM chain CROSS JOIN log ON seq = place ${filter}`;
    return this.#database.query(statement, from, steps, oldest);
  }

  #near(after: number, limit: number): Iterable<SqlRow> {
    const statement = `SELECT seq, type, payload FROM log WHERE seq > ? AND seq <= ? AND ${IS_SHOWN} ORDER BY seq LIMIT ?`;
    return this.#database.query(statement, after, after + NEAR, limit);
  }

  /** The first message after a row, which there is: it stands before the first row that knows of it. */
  #first(after: number, head: number, tip: Tip): number {
    const landmark = this.#landmark(after);
    if (landmark.shown) return landmark.seq;
    const found = this.#search(landmark.seq, head, ({ seq }) => this.before(seq) > after);
    return this.before(found.seq) > after ? this.before(found.seq) : tip.message;
  }

  /** The first row after another that is a message, or that this release wrote. */
  #landmark(after: number): { readonly seq: number; readonly shown: boolean } {
    const statement = `SELECT seq, ${IS_SHOWN} AS shown FROM log WHERE seq > ? AND (${IS_SHOWN} OR previous IS NOT NULL) ORDER BY seq LIMIT 1`;
    const row = first(this.#database.query(statement, after));
    if (row === undefined) return { seq: after, shown: false };
    return { seq: numberIn(row, "seq"), shown: numberIn(row, "shown") === 1 };
  }
}
