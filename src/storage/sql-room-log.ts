import type { Cursor } from "../protocol/cursor.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { Message } from "../protocol/message.ts";
import type { LogShape } from "../room/hooks/kind.ts";
import type {
  Accepted,
  LogEntry,
  LogEvent,
  PageQuery,
  RequestName,
  RoomLog,
  Stretch,
  Told,
} from "../room/log/log.ts";
import { type Page, pageOf } from "../room/log/page.ts";
import {
  type Database,
  first,
  numberIn,
  optionalNumberIn,
  type SqlRow,
  textIn,
} from "./database.ts";
import { ACCEPTED, acceptedOf, payloadsIn, shownIn } from "./log-row.ts";
import { MessageChain, type Tip } from "./message-chain.ts";

/** The room's log in SQLite; the migrations must have run. */
export class SqlRoomLog implements RoomLog {
  readonly epoch: string;
  readonly former: readonly Cursor[];
  readonly #database: Database;
  readonly #chain: MessageChain;
  readonly #shape: LogShape;
  #head: number;
  #oldest: number;
  /** Where the messages stand at the head; read when it is first needed. */
  #tip: Tip | undefined;

  /** @param shape how the events of its kind are told. */
  constructor(database: Database, epoch: string, shape: LogShape, former: readonly Cursor[] = []) {
    this.#database = database;
    this.#shape = shape;
    this.#chain = new MessageChain(database);
    this.epoch = epoch;
    this.former = former;
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
      this.#tip = undefined;
      throw error;
    }
  }

  append(event: LogEvent): void {
    const { message, ordinal } = this.#tipNow();
    const tip = isShown(event) ? { message: event.seq, ordinal: ordinal + 1 } : this.#tipNow();
    this.#database.query(
      "INSERT INTO log (seq, type, at, user_id, message_id, target, last_edit, payload, previous, ordinal, fingerprint, edits, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      event.seq,
      event.type,
      event.at,
      event.userId,
      event.messageId,
      event.target ?? null,
      event.lastEdit ?? null,
      event.payload,
      message,
      tip.ordinal,
      event.fingerprint ?? null,
      event.edits ?? null,
      event.told ?? null,
    );
    this.#head = event.seq;
    this.#tip = tip;
  }

  rewrite(seq: number, payload: string, lastEdit?: number): void {
    if (lastEdit === undefined) {
      this.#database.query("UPDATE log SET payload = ? WHERE seq = ?", payload, seq);
    } else {
      const statement =
        "UPDATE log SET payload = ?, last_edit = ?, edits = COALESCE(edits, 0) + 1 WHERE seq = ?";
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
      this.#database.query(
        "SELECT type, target, last_edit, edits, payload FROM log WHERE seq = ?",
        seq,
      ),
    );
    if (row === undefined) return undefined;
    if (textIn(row, "type") !== "new_message") {
      return { kind: optionalNumberIn(row, "target") === seq ? "deleted" : "event" };
    }
    const lastEdit = optionalNumberIn(row, "last_edit");
    // Written by this class from a checked message, so it is one.
    const message = JSON.parse(textIn(row, "payload")) as Message;
    const edits = optionalNumberIn(row, "edits") ?? 0;
    return { kind: "message", message, edits, ...(lastEdit === undefined ? {} : { lastEdit }) };
  }

  *eventsAfter(seq: number, limit: number): Iterable<string> {
    const { columns } = this.#shape;
    const more = columns === undefined ? "" : `, ${columns}`;
    const statement = `SELECT seq, type, at, user_id, payload${more} FROM log WHERE seq > ? ORDER BY seq LIMIT ?`;
    for (const row of this.#database.query(statement, seq, limit)) yield this.#frameOf(row);
  }

  page({ before, after, limit }: PageQuery): Page {
    const rows =
      after === undefined ? this.#rowsBefore(before, limit + 1) : this.#rowsAfter(after, limit + 1);
    const page = pageOf(shownIn(rows), limit, BOUNDS.pageBytes);
    return after === undefined ? { ...page, entries: page.entries.toReversed() } : page;
  }

  bytesAfter(seq: number, limit: number): number {
    const statement =
      "SELECT SUM(bytes) AS bytes FROM (SELECT OCTET_LENGTH(payload) AS bytes FROM log WHERE seq > ? ORDER BY seq LIMIT ?)";
    const row = first(this.#database.query(statement, seq, limit));
    return row === undefined ? 0 : (optionalNumberIn(row, "bytes") ?? 0);
  }

  newestMessages(limit: number): readonly string[] {
    const { message } = this.#tipNow();
    const { deletedPassed, greetingBytes } = BOUNDS;
    const rows = this.#chain.walkPresent(message, limit, deletedPassed, this.#oldest);
    return pageOf(payloadsIn(rows), limit, greetingBytes).entries.toReversed();
  }

  accepted(seq: number): Accepted | undefined {
    const row = first(this.#database.query(`SELECT ${ACCEPTED} FROM log WHERE seq = ?`, seq));
    return row === undefined ? undefined : acceptedOf(row);
  }

  find(messageIds: readonly string[], { after, upTo }: Stretch): readonly Accepted[] {
    const among = messageIds.map(() => "?").join();
    const statement = `SELECT ${ACCEPTED} FROM log WHERE seq > ? AND seq <= ? AND message_id IN (${among})`;
    return [...this.#database.query(statement, after, upTo, ...messageIds)].map(acceptedOf);
  }

  keysIn({ after, upTo }: Stretch): readonly RequestName[] {
    // As two texts and not as rows: each row that leaves SQLite costs ten times its scan.
    const statement =
      "SELECT json_group_array(user_id) AS users, json_group_array(message_id) AS ids FROM log WHERE seq > ? AND seq <= ?";
    const row = first(this.#database.query(statement, after, upTo));
    if (row === undefined) return [];
    // Made by SQLite from two columns of text.
    const users = JSON.parse(textIn(row, "users")) as readonly string[];
    const ids = JSON.parse(textIn(row, "ids")) as readonly string[];
    return users.map((userId, index) => ({ userId, messageId: ids[index] ?? "" }));
  }

  newestBefore(at: number, { after, upTo }: Stretch): number | undefined {
    const statement =
      "SELECT seq FROM log WHERE seq > ? AND seq <= ? AND at <= ? ORDER BY seq DESC LIMIT 1";
    const row = first(this.#database.query(statement, after, upTo, at));
    return row === undefined ? undefined : numberIn(row, "seq");
  }

  reactionEvent(payload: string, { after, upTo }: Stretch): number | undefined {
    const statement =
      "SELECT seq FROM log WHERE seq > ? AND seq <= ? AND type = 'message_reacted' AND payload = ? ORDER BY seq DESC LIMIT 1";
    const row = first(this.#database.query(statement, after, upTo, payload));
    return row === undefined ? undefined : numberIn(row, "seq");
  }

  toldSince(at: number, limit: number): readonly Told[] {
    const statement =
      "SELECT user_id, told, at FROM (SELECT seq, user_id, told, at FROM log ORDER BY seq DESC LIMIT ?) WHERE told > 0 AND at > ? ORDER BY seq";
    return [...this.#database.query(statement, limit, at)].map((row) => ({
      userId: textIn(row, "user_id"),
      people: numberIn(row, "told"),
      at: numberIn(row, "at"),
    }));
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
    return this.#chain.firstOfNewest(count, this.#oldest, this.#head, this.#tipNow());
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

  /** As it is stored, also an event of a type that only another release knows. */
  #frameOf(row: SqlRow): string {
    return this.#shape.frame({
      seq: numberIn(row, "seq"),
      type: textIn(row, "type"),
      at: numberIn(row, "at"),
      userId: textIn(row, "user_id"),
      payload: this.#shape.payload?.(row) ?? textIn(row, "payload"),
      ...this.#shape.more?.(row),
    });
  }

  #tipNow(): Tip {
    this.#tip ??= this.#chain.tipAt(this.#head);
    return this.#tip;
  }

  #rowsBefore(before: number | undefined, limit: number): Iterable<SqlRow> {
    const isNewest = before === undefined || before > this.#head;
    const newest = isNewest ? this.#tipNow().message : this.#chain.before(before);
    return this.#chain.walkBack(newest, limit, this.#oldest);
  }

  #rowsAfter(after: number, limit: number): Iterable<SqlRow> {
    const from = Math.max(after, this.#oldest - 1);
    return this.#chain.after(from, limit, this.#head, this.#tipNow());
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

/** Whether history shows it: a message, a notification or, from an import, a deleted message's place. */
function isShown({ type, seq, target }: LogEvent): boolean {
  const isTombstone = type === "message_deleted" && target === seq;
  return type === "new_message" || type === "notification" || isTombstone;
}
