import type { Message } from "../protocol/message.ts";
import { isDurableType } from "../protocol/server-frame.ts";
import { eventFrame } from "../room/event-frame.ts";
import type { Accepted, LogEntry, LogEvent, Page, PageQuery, RoomLog } from "../room/log.ts";
import {
  type Database,
  first,
  numberIn,
  optionalNumberIn,
  type SqlRow,
  textIn,
} from "./database.ts";
import { IS_READ, shown } from "./sql-inbox.ts";

/** A row that history shows: a message or notification, or the tombstone in its place. */
const IN_HISTORY =
  "(type IN ('new_message', 'notification') OR (type = 'message_deleted' AND target = seq))";

/** The room's log in SQLite; the migrations must have run. */
export class SqlRoomLog implements RoomLog {
  readonly epoch: string;
  readonly #database: Database;
  #head: number;
  #oldest: number;

  constructor(database: Database, epoch: string) {
    this.#database = database;
    this.epoch = epoch;
    // Two look-ups: with both in one statement, SQLite scans the table instead of its two ends.
    this.#head = this.#end("MAX") ?? 0;
    this.#oldest = this.#end("MIN") ?? 1;
  }

  get head(): number {
    return this.#head;
  }

  get oldest(): number {
    return this.#oldest;
  }

  transaction(work: () => void): void {
    const head = this.#head;
    try {
      this.#database.transaction(work);
    } catch (error) {
      this.#head = head;
      throw error;
    }
  }

  append(event: LogEvent): void {
    this.#database.query(
      "INSERT INTO log (seq, type, at, user_id, message_id, target, last_edit, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      event.seq,
      event.type,
      event.at,
      event.userId,
      event.messageId,
      event.target ?? null,
      event.lastEdit ?? null,
      event.payload,
    );
    this.#head = event.seq;
  }

  rewrite(seq: number, payload: string, lastEdit?: number): void {
    if (lastEdit === undefined) {
      this.#database.query("UPDATE log SET payload = ? WHERE seq = ?", payload, seq);
    } else {
      const statement = "UPDATE log SET payload = ?, last_edit = ? WHERE seq = ?";
      this.#database.query(statement, payload, lastEdit, seq);
    }
  }

  erase(seq: number, tombstone: string): void {
    const statement =
      "UPDATE log SET type = 'message_deleted', target = ?, last_edit = NULL, payload = ? WHERE seq = ?";
    let next: number | undefined = this.#lastEdit(seq);
    this.#database.query(statement, seq, tombstone, seq);
    while (next !== undefined) {
      const edit = next;
      next = this.#lastEdit(edit);
      this.#database.query(statement, seq, tombstone, edit);
    }
  }

  entry(seq: number): LogEntry | undefined {
    const row = first(
      this.#database.query("SELECT type, target, last_edit, payload FROM log WHERE seq = ?", seq),
    );
    if (row === undefined) return undefined;
    if (textIn(row, "type") !== "new_message") {
      return { kind: optionalNumberIn(row, "target") === seq ? "deleted" : "event" };
    }
    const lastEdit = optionalNumberIn(row, "last_edit");
    // Written by this class from a checked message, so it is one.
    const message = JSON.parse(textIn(row, "payload")) as Message;
    return { kind: "message", message, ...(lastEdit === undefined ? {} : { lastEdit }) };
  }

  *eventsAfter(seq: number, limit: number): Iterable<string> {
    const statement = `SELECT seq, type, at, payload, ${IS_READ} FROM log WHERE seq > ? ORDER BY seq LIMIT ?`;
    for (const row of this.#database.query(statement, seq, limit)) yield frameOf(row);
  }

  page({ before, after, limit }: PageQuery): Page {
    const forwards = after !== undefined;
    const rows = [
      ...this.#database.query(
        forwards
          ? `SELECT seq, type, payload FROM log WHERE seq > ? AND ${IN_HISTORY} ORDER BY seq LIMIT ?`
          : `SELECT seq, type, payload FROM log WHERE seq < ? AND ${IN_HISTORY} ORDER BY seq DESC LIMIT ?`,
        after ?? before ?? this.#head + 1,
        limit + 1,
      ),
    ];
    const shown = rows.slice(0, limit).map(historyEntry);
    return { entries: forwards ? shown : shown.reverse(), hasMore: rows.length > limit };
  }

  newestMessages(limit: number): readonly string[] {
    const statement =
      "SELECT payload FROM log WHERE type = 'new_message' ORDER BY seq DESC LIMIT ?";
    return [...this.#database.query(statement, limit)]
      .map((row) => textIn(row, "payload"))
      .reverse();
  }

  acceptedSince(at: number): readonly Accepted[] {
    const accepted: Accepted[] = [];
    // Backwards from the head, and no further than the window: there is no index on the time.
    const statement = "SELECT seq, user_id, message_id, at FROM log ORDER BY seq DESC";
    for (const row of this.#database.query(statement)) {
      const event = acceptedOf(row);
      if (event.at <= at) break;
      accepted.push(event);
    }
    return accepted.reverse();
  }

  oldestAt(): number | undefined {
    const row = first(this.#database.query("SELECT at FROM log ORDER BY seq LIMIT 1"));
    return row === undefined ? undefined : numberIn(row, "at");
  }

  newestAt(): number | undefined {
    const row = first(this.#database.query("SELECT at FROM log ORDER BY seq DESC LIMIT 1"));
    return row === undefined ? undefined : numberIn(row, "at");
  }

  firstOfNewest(count: number): number | undefined {
    const statement = `SELECT seq FROM log WHERE ${IN_HISTORY} ORDER BY seq DESC LIMIT 1 OFFSET ?`;
    const row = first(this.#database.query(statement, count - 1));
    return row === undefined ? undefined : numberIn(row, "seq");
  }

  firstSince(at: number): number {
    let low = this.#oldest;
    let high = this.#head;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = first(
        this.#database.query("SELECT at FROM log WHERE seq >= ? ORDER BY seq LIMIT 1", middle),
      );
      if (row === undefined || numberIn(row, "at") >= at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  trim(below: number, limit: number): number {
    const end = Math.min(below, this.#oldest + limit, this.#head);
    const trimmed = end - this.#oldest;
    if (trimmed <= 0) return 0;
    this.#database.query("DELETE FROM log WHERE seq < ?", end);
    this.#oldest = end;
    return trimmed;
  }

  #end(side: "MIN" | "MAX"): number | undefined {
    const row = first(this.#database.query(`SELECT ${side}(seq) AS seq FROM log`));
    return row === undefined ? undefined : optionalNumberIn(row, "seq");
  }

  #lastEdit(seq: number): number | undefined {
    const row = first(this.#database.query("SELECT last_edit FROM log WHERE seq = ?", seq));
    return row === undefined ? undefined : optionalNumberIn(row, "last_edit");
  }
}

function frameOf(row: SqlRow): string {
  const type = textIn(row, "type");
  if (!isDurableType(type)) throw new TypeError(`The log holds an unknown event "${type}".`);
  return eventFrame({
    seq: numberIn(row, "seq"),
    type,
    at: numberIn(row, "at"),
    payload: shown(row),
  });
}

function historyEntry(row: SqlRow): string {
  return textIn(row, "type") === "new_message"
    ? textIn(row, "payload")
    : `{"seq":${numberIn(row, "seq")},"deleted":true}`;
}

function acceptedOf(row: SqlRow): Accepted {
  return {
    seq: numberIn(row, "seq"),
    userId: textIn(row, "user_id"),
    messageId: textIn(row, "message_id"),
    at: numberIn(row, "at"),
  };
}
