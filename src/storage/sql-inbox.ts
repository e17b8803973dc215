import { type NotificationsRead, UNREAD_ENDING } from "../protocol/notification.ts";
import type { InboxQuery, InboxStore } from "../room/inbox.ts";
import type { Page } from "../room/log.ts";
import { type Database, first, numberIn, optionalNumberIn, textIn } from "./database.ts";

const READ_ENDING = '"read":true}';

/**
 * What of an inbox's log was read: a mark up to which all is, and single ones above it. So marking
 * everything is one row, and counting looks at no notification.
 */
export class SqlInbox implements InboxStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  unread(): number {
    const row = first(
      this.#database.query(
        "SELECT (SELECT MIN(seq) FROM log) AS low, (SELECT MAX(seq) FROM log) AS high",
      ),
    );
    const high = row === undefined ? undefined : optionalNumberIn(row, "high");
    if (row === undefined || high === undefined) return 0;
    const readUpTo = Math.max(this.#readUpTo(), numberIn(row, "low") - 1);
    return high - readUpTo - this.#readsAbove(readUpTo);
  }

  markRead(read: NotificationsRead): void {
    if ("upTo" in read) this.#markUpTo(read.upTo);
    else for (const seq of read.ids) this.#markOne(seq);
  }

  delivered(key: string): number | undefined {
    const statement =
      "SELECT seq FROM log WHERE type = 'notification' AND target IS NOT NULL AND message_id = ?";
    const row = first(this.#database.query(statement, key));
    return row === undefined ? undefined : numberIn(row, "seq");
  }

  newest(limit: number): readonly string[] {
    return this.page({ limit, unreadOnly: false }).entries;
  }

  page({ before, limit, unreadOnly }: InboxQuery): Page {
    const unread = unreadOnly
      ? `AND seq > ${this.#readUpTo()} AND seq NOT IN (SELECT seq FROM inbox_reads)`
      : "";
    const statement = `SELECT seq, payload FROM log WHERE type = 'notification' AND seq < ? ${unread} ORDER BY seq DESC LIMIT ?`;
    const rows = [
      ...this.#database.query(statement, before ?? Number.MAX_SAFE_INTEGER, limit + 1),
    ].map((row) => ({ seq: numberIn(row, "seq"), payload: textIn(row, "payload") }));
    const shown = rows.slice(0, limit).map(({ seq, payload }) => this.shown(seq, payload));
    return { entries: shown.reverse(), hasMore: rows.length > limit };
  }

  /** A stored notification as it is now. */
  shown(seq: number, payload: string): string {
    return this.#isRead(seq) ? payload.slice(0, -UNREAD_ENDING.length) + READ_ENDING : payload;
  }

  #markUpTo(seq: number): void {
    const before = this.#readUpTo();
    if (seq <= before) return;
    const statement =
      before === 0
        ? "INSERT INTO inbox (read_up_to) VALUES (?)"
        : "UPDATE inbox SET read_up_to = ?";
    this.#database.query(statement, seq);
    this.#database.query("DELETE FROM inbox_reads WHERE seq <= ?", seq);
  }

  #markOne(seq: number): void {
    if (seq <= this.#readUpTo()) return;
    const statement = "INSERT OR IGNORE INTO inbox_reads (seq) SELECT seq FROM log WHERE seq = ?";
    this.#database.query(statement, seq);
  }

  #isRead(seq: number): boolean {
    if (seq <= this.#readUpTo()) return true;
    return (
      first(this.#database.query("SELECT seq FROM inbox_reads WHERE seq = ?", seq)) !== undefined
    );
  }

  #readUpTo(): number {
    const row = first(this.#database.query("SELECT read_up_to FROM inbox"));
    return row === undefined ? 0 : numberIn(row, "read_up_to");
  }

  #readsAbove(seq: number): number {
    const statement = "SELECT COUNT(*) AS count FROM inbox_reads WHERE seq > ?";
    const row = first(this.#database.query(statement, seq));
    return row === undefined ? 0 : numberIn(row, "count");
  }
}
