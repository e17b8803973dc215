import { ARCHIVE_VERSION, type EventLine, type RoomLine } from "../protocol/archive-schema.ts";
import { assertNever } from "../protocol/assert-never.ts";
import type { Cursor } from "../protocol/cursor.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { LogEvent } from "../room/log/log.ts";
import {
  type ArchivedKind,
  type ArchiveStore,
  type ContentLine,
  ownLineOf,
  type Section,
} from "../room/store/archive.ts";
import type { RoomStore } from "../room/store/store.ts";
import type { Database, SqlRow, SqlValue } from "./database.ts";
import type { SqlMeta } from "./sql-meta.ts";

/** Rows read at once at most: of short ones, a portion would be thousands. */
const PAGE_ROWS = 1_000;

/** Under this key of the meta table stands that an import is not whole yet. */
export const IMPORTING = "importing";
/** Under this one, the lives of the log that it went on from by imports. */
export const FORMER = "former";

/** Whoever reads an export that cannot be whole any more must not take it for one. */
const CHANGED = "The room was deleted or trimmed while it was exported.";

const RECEIPTS: Section = {
  select: "SELECT user_id, up_to FROM receipts WHERE user_id > ?",
  key: "user_id",
  from: "",
  line: ({ user_id, up_to }, head) =>
    JSON.stringify({ type: "receipt", userId: user_id, upTo: Math.min(Number(up_to), head) }),
};

const BANS: Section = {
  select: "SELECT user_id, until FROM bans WHERE user_id > ?",
  key: "user_id",
  from: "",
  line: ({ user_id, until }) => JSON.stringify({ type: "ban", userId: user_id, until }),
};

/**
 * A room as the lines of an export, and back (see `protocol/archive-schema`). What only a run of the
 * room needs is left out: numbers of its metrics, and notices that wait for an inbox.
 */
export class SqlArchive implements ArchiveStore {
  readonly #database: Database;
  readonly #store: Omit<RoomStore, "archive">;
  readonly #meta: SqlMeta;
  readonly #name: string;

  constructor(
    database: Database,
    { store, meta, name }: { store: Omit<RoomStore, "archive">; meta: SqlMeta; name: string },
  ) {
    this.#database = database;
    this.#store = store;
    this.#meta = meta;
    this.#name = name;
  }

  *portions(kind: ArchivedKind): Generator<string, void> {
    const room = this.#roomLine(kind);
    const own = kind.archive.sections(room.head);
    const atOnce = own
      .filter(({ isAtOnce }) => isAtOnce === true)
      .flatMap((section) =>
        [...this.#pages(section)].flat().map((row) => section.line(row, room.head)),
      );
    let lines = 1 + atOnce.length;
    yield `${[JSON.stringify(room), ...atOnce].join("\n")}\n`;
    const events: Section = {
      // What is said while the export is taken is not in it.
      select: `SELECT * FROM log WHERE seq <= ${room.head} AND seq > ?`,
      key: "seq",
      from: 0,
      line: eventLine,
    };
    const { isWritten } = this.#store;
    let nextSeq = room.oldest;
    for (const section of [
      events,
      // A contract may no longer have receipts that its rooms still hold: nothing would take them in.
      ...(kind.receipts ? [RECEIPTS] : []),
      ...own.filter(({ isAtOnce }) => isAtOnce !== true),
      BANS,
    ]) {
      for (const rows of this.#pages(section)) {
        if (section === events) {
          if (rows[0]?.["seq"] !== nextSeq) throw new Error(CHANGED);
          nextSeq += rows.length;
        }
        lines += rows.length;
        yield rows.map((row) => `${section.line(row, room.head)}\n`).join("");
      }
    }
    if (this.#store.isWritten !== isWritten || nextSeq !== room.head + 1) throw new Error(CHANGED);
    yield `${JSON.stringify({ type: "end", lines: lines + 1 })}\n`;
  }

  begin(room: RoomLine): void {
    const { epoch, head, former } = room;
    const lives: readonly Cursor[] = [{ epoch, seq: head }, ...former];
    this.#database.transaction(() => {
      this.#meta.set(IMPORTING, "1");
      this.#meta.set(FORMER, JSON.stringify(lives.slice(0, BOUNDS.formerLives)));
    });
  }

  transaction(work: () => void): void {
    this.#database.transaction(work);
  }

  take(line: ContentLine, kind: ArchivedKind): void {
    const { log, receipts, bans, tables } = this.#store;
    switch (line.type) {
      case "event":
        log.append(eventOf(line));
        return;
      case "receipt":
        receipts.save(new Map([[line.userId, line.upTo]]));
        return;
      case "ban":
        bans.ban(line.userId, line.until);
        return;
      case "of-kind":
        ownLineOf(kind.archive, line).take(line.line, tables);
        return;
      default:
        assertNever(line);
    }
  }

  finish(): void {
    this.#meta.remove(IMPORTING);
  }

  /**
   * Says which life of the log this is. As long as nothing came after an import, it is the one that
   * was imported: its cursors hold, and the two exports are the same.
   */
  #roomLine({ name: kind }: ArchivedKind): RoomLine {
    const { epoch, head, oldest, former } = this.#store.log;
    const [last, ...earlier] = former;
    const isUntouched = last?.seq === head;
    return {
      type: "room",
      version: ARCHIVE_VERSION,
      room: this.#name,
      kind,
      epoch: isUntouched ? last.epoch : epoch,
      head,
      oldest: Math.min(oldest, head + 1),
      former: isUntouched ? earlier : [...former],
    };
  }

  /** Rows in pages, each read whole: what was read in part could not wait for a slow reader. */
  *#pages({ select, key, from }: Section): Generator<readonly SqlRow[], void> {
    let after: SqlValue | undefined = from;
    while (after !== undefined) {
      const rows: SqlRow[] = [];
      let chars = 0;
      const statement = `${select} ORDER BY ${key} LIMIT ${PAGE_ROWS}`;
      for (const row of this.#database.query(statement, after)) {
        rows.push(row);
        chars += charsOf(row);
        if (chars >= BOUNDS.archivePortionChars) break;
      }
      if (rows.length > 0) yield rows;
      after = rows.at(-1)?.[key];
    }
  }
}

/** Sent as it is stored: the payload is JSON text already. */
function eventLine(row: SqlRow, head: number): string {
  const { seq, type: event, at, user_id: userId, message_id: messageId, payload } = row;
  const { target, last_edit: lastEdit, edits, fingerprint } = row;
  const fields = {
    type: "event",
    seq,
    event,
    at,
    userId,
    messageId,
    ...(typeof target === "number" ? { target } : {}),
    // An edit of while the export is taken is not in it; that it changed the message is.
    ...(typeof lastEdit === "number" && lastEdit <= head ? { lastEdit } : {}),
    ...(typeof edits === "number" ? { edits } : {}),
    ...(typeof fingerprint === "number" ? { fingerprint } : {}),
  };
  return `${JSON.stringify(fields).slice(0, -1)},"payload":${payload}}`;
}

function eventOf(line: EventLine): LogEvent {
  const { seq, event, at, userId, messageId, target, lastEdit, edits, fingerprint, payload } = line;
  return {
    seq,
    // One that only newer code knows is passed on as it is stored.
    type: event,
    at,
    userId,
    messageId,
    payload: JSON.stringify(payload),
    fingerprint,
    edits,
    ...(target === undefined ? {} : { target }),
    ...(lastEdit === undefined ? {} : { lastEdit }),
  };
}

/** What a row holds in memory, about. */
function charsOf(row: SqlRow): number {
  let chars = 0;
  for (const value of Object.values(row)) chars += typeof value === "string" ? value.length : 8;
  return chars;
}
