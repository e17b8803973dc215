import { BOUNDS } from "../../protocol/limits.ts";
import { type NotificationsRead, UNREAD_ENDING } from "../../protocol/notification.ts";
import { type Page, pageOf } from "../../room/log/page.ts";
import type { SqlRow, Tables } from "../../room/store/tables.ts";
import { first, numberIn, optionalNumberIn, textIn } from "../../storage/database.ts";
import type { InboxQuery, InboxStore } from "./inbox-store.ts";

const READ_ENDING = '"read":true}';

/** The mark up to which everything is read. SQLite looks it up once a statement, not once a row. */
const READ_UP_TO = "COALESCE((SELECT read_up_to FROM inbox), 0)";

/**
 * Column `is_read` of a row of the log, for {@link shown}: so a page says what was read of it without
 * a statement for each notification. Other events are not looked up.
 */
export const IS_READ = `CASE WHEN type = 'notification' AND (log.seq <= ${READ_UP_TO} OR EXISTS (SELECT 1 FROM inbox_reads WHERE inbox_reads.seq = log.seq)) THEN 1 ELSE 0 END AS is_read`;

/** The payload of a row that was selected with {@link IS_READ}, as it is now. */
export function shown(row: SqlRow): string {
  const payload = textIn(row, "payload");
  return numberIn(row, "is_read") === 0
    ? payload
    : payload.slice(0, -UNREAD_ENDING.length) + READ_ENDING;
}

function* shownIn(rows: Iterable<SqlRow>): Iterable<string> {
  for (const row of rows) yield shown(row);
}

/**
 * What of an inbox's log was read: a mark up to which all is, and single ones above it. So marking
 * everything is one row, and counting looks at no notification.
 */
export class SqlInbox implements InboxStore {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  unread(): number {
    const row = first(
      this.#tables.query(
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
    const row = first(this.#tables.query(statement, key));
    return row === undefined ? undefined : numberIn(row, "seq");
  }

  deliveredWithin(after: number, by: number, limit: number): number {
    const statement =
      "SELECT COUNT(*) AS count FROM (SELECT type, target, at FROM log ORDER BY seq DESC LIMIT ?) WHERE type = 'notification' AND target IS NOT NULL AND at > ? AND at <= ?";
    const row = first(this.#tables.query(statement, limit, after, by));
    return row === undefined ? 0 : numberIn(row, "count");
  }

  newest(limit: number): readonly string[] {
    return this.page({ limit, unreadOnly: false }).entries;
  }

  page({ before, limit, unreadOnly }: InboxQuery): Page {
    const unread = unreadOnly
      ? // Not by `is_read`, or everything read would be looked at on the way to nothing unread.
        `AND seq > ${READ_UP_TO} AND seq NOT IN (SELECT seq FROM inbox_reads)`
      : "";
    const statement = `SELECT payload, ${IS_READ} FROM log WHERE type = 'notification' AND seq < ? ${unread} ORDER BY seq DESC LIMIT ?`;
    const rows = this.#tables.query(statement, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
    const page = pageOf(shownIn(rows), limit, BOUNDS.pageBytes);
    return { ...page, entries: page.entries.toReversed() };
  }

  trim(oldest: number): void {
    this.#tables.query("DELETE FROM inbox_reads WHERE seq < ?", oldest);
  }

  #markUpTo(seq: number): void {
    const before = this.#readUpTo();
    if (seq <= before) return;
    const statement =
      before === 0
        ? "INSERT INTO inbox (read_up_to) VALUES (?)"
        : "UPDATE inbox SET read_up_to = ?";
    this.#tables.query(statement, seq);
    this.#tables.query("DELETE FROM inbox_reads WHERE seq <= ?", seq);
  }

  #markOne(seq: number): void {
    if (seq <= this.#readUpTo()) return;
    const statement = "INSERT OR IGNORE INTO inbox_reads (seq) SELECT seq FROM log WHERE seq = ?";
    this.#tables.query(statement, seq);
  }

  #readUpTo(): number {
    const row = first(this.#tables.query("SELECT read_up_to FROM inbox"));
    return row === undefined ? 0 : numberIn(row, "read_up_to");
  }

  #readsAbove(seq: number): number {
    const statement = "SELECT COUNT(*) AS count FROM inbox_reads WHERE seq > ?";
    const row = first(this.#tables.query(statement, seq));
    return row === undefined ? 0 : numberIn(row, "count");
  }
}
