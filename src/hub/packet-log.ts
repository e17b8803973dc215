import { type Database, first, numberIn, textIn } from "../storage/database.ts";
import { isFor, type PacketLine, packetIn, packetLine } from "./packet-line.ts";

/** How much a log keeps. */
export interface PacketLogLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** A row is filled up to this: one packet is one write, and one in many is one more to drop a row. */
const ROW_CHARS = 8 * 1024;
/** A longer packet is not kept (a cell of SQLite takes 2 MB): whoever missed it does not recover. */
const PACKET_CHARS = 1024 * 1024;
/** What one client is told at most of what it missed. */
const MISSED_CHARS = 4 * 1024 * 1024;
const OFFSET = /^([\w-]{1,64})\.([0-9a-z]{1,11})$/;

interface Row {
  readonly first: number;
  last: number;
  body: string;
}

/**
 * The packets that sockets may have missed, in the order in which they were sent. A packet's offset is
 * what its clients bring back: the log's id and the packet's number in it.
 */
export class PacketLog {
  readonly #database: Database;
  readonly #limits: PacketLogLimits;
  readonly #id: string;
  #next: number;
  /** Characters of all rows. */
  #chars: number;
  #tail: Row | undefined;
  #pending: string[] = [];

  /** @param newId makes the id of a log that has none yet, of `A-Z a-z 0-9 _ -`. */
  constructor(database: Database, limits: PacketLogLimits, newId: () => string) {
    this.#database = database;
    this.#limits = limits;
    const known = first(database.query("SELECT id FROM packet_log"));
    this.#id = known === undefined ? newId() : textIn(known, "id");
    if (known === undefined) {
      database.query("INSERT INTO packet_log (id) VALUES (?)", this.#id);
    }
    const tail = first(
      database.query("SELECT first, last, body FROM packets ORDER BY first DESC LIMIT 1"),
    );
    this.#tail = tail && {
      first: numberIn(tail, "first"),
      last: numberIn(tail, "last"),
      body: textIn(tail, "body"),
    };
    this.#next = (this.#tail?.last ?? 0) + 1;
    const sum = first(
      database.query("SELECT COALESCE(SUM(LENGTH(body)), 0) AS chars FROM packets"),
    );
    this.#chars = sum === undefined ? 0 : numberIn(sum, "chars");
  }

  /** The offset that the next packet has. */
  get nextOffset(): string {
    return `${this.#id}.${this.#next.toString(36)}`;
  }

  /** Takes a packet, which is stored by the next {@link flush}. */
  add(packet: Omit<PacketLine, "number">): void {
    const number = this.#next;
    this.#next += 1;
    const line = packetLine({ number, ...packet });
    this.#pending.push(
      line.length > PACKET_CHARS ? packetLine({ number, ...packet, data: undefined }) : line,
    );
  }

  /** Stores what was added: before any of it is sent, so that no number is ever of two packets. */
  flush(now: number): void {
    if (this.#pending.length === 0) return;
    const last = this.#next - 1;
    const text = this.#pending.join("\n");
    const count = this.#pending.length;
    const tail = this.#tail;
    if (tail !== undefined && tail.body.length < ROW_CHARS) {
      this.#write({ first: tail.first, last, body: `${tail.body}\n${text}` }, now);
      this.#chars += text.length + 1;
    } else {
      this.#write({ first: last - count + 1, last, body: text }, now);
      this.#chars += text.length;
      this.#trim(now);
    }
    this.#pending = [];
  }

  /**
   * What somebody missed, by the offset of the last packet that it heard.
   *
   * @returns `undefined` when that is not known any more.
   */
  since(
    offset: string,
    nsp: string,
    rooms: readonly string[],
    now: number,
  ): readonly (readonly unknown[])[] | undefined {
    this.flush(now);
    const after = this.#numberOf(offset);
    if (after === undefined) return undefined;
    const missed: (readonly unknown[])[] = [];
    let chars = 0;
    const rows = this.#database.query(
      "SELECT body FROM packets WHERE last > ? ORDER BY first",
      after,
    );
    for (const row of rows) {
      for (const line of textIn(row, "body").split("\n")) {
        const packet = packetIn(line);
        if (packet.number <= after || !isFor(nsp, rooms, packet)) continue;
        chars += line.length;
        if (packet.data === undefined || chars > MISSED_CHARS) return undefined;
        missed.push(packet.data);
      }
    }
    return missed;
  }

  #numberOf(offset: string): number | undefined {
    const [, id, text = ""] = OFFSET.exec(offset) ?? [];
    const number = Number.parseInt(text, 36);
    if (id !== this.#id || number >= this.#next) return undefined;
    const oldest = first(this.#database.query("SELECT MIN(first) AS first FROM packets"));
    // Everything after it must still be there.
    return oldest !== undefined && number >= numberIn(oldest, "first") - 1 ? number : undefined;
  }

  #write(row: Row, now: number): void {
    this.#database.query(
      `INSERT INTO packets (first, last, at, body) VALUES (?, ?, ?, ?)
        ON CONFLICT (first) DO UPDATE SET
          last = excluded.last, at = excluded.at, body = excluded.body`,
      row.first,
      row.last,
      now,
      row.body,
    );
    this.#tail = row;
  }

  /** Drops the oldest rows; never the last, by which the next number is known. */
  #trim(now: number): void {
    const { maxBytes, maxAgeMs } = this.#limits;
    const rows = this.#database.query(
      "SELECT first, at, LENGTH(body) AS chars FROM packets ORDER BY first",
    );
    let upTo: number | undefined;
    for (const row of rows) {
      if (numberIn(row, "first") === this.#tail?.first) break;
      if (this.#chars <= maxBytes && numberIn(row, "at") >= now - maxAgeMs) break;
      this.#chars -= numberIn(row, "chars");
      upTo = numberIn(row, "first");
    }
    if (upTo !== undefined) this.#database.query("DELETE FROM packets WHERE first <= ?", upTo);
  }
}
