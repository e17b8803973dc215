import * as z from "zod";
import { numberIn, type SqlRow, textIn } from "../../src/storage/database.ts";
import type { TestRoom } from "../../src/testing/test-room.ts";
import { BrokenPromise } from "./broken-promise.ts";

/** An event as it came to be on disk. */
export interface StoredEvent {
  readonly seq: number;
  readonly type: string;
  readonly userId: string;
  readonly messageId: string;
  readonly payload: string;
  /** When it came to be on disk, by a clock that nobody sets, milliseconds since the epoch. */
  readonly at: number;
}

/** One life of a room's log, as far as it was ever on disk. */
export class LoggedLife {
  readonly epoch: string;
  readonly events: StoredEvent[] = [];
  /** Of what was erased in the very write that it came with: whoever was told may have seen it. */
  #foreseen: readonly StoredEvent[] = [];
  readonly #byKey = new Map<string, number>();

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  get head(): number {
    return this.events.length;
  }

  at(seq: number): StoredEvent | undefined {
    return this.events[seq - 1] ?? this.#foreseen.find((event) => event.seq === seq);
  }

  /** Where a request was stored. */
  seqOf(userId: string, messageId: string): number | undefined {
    return this.#byKey.get(`${userId} ${messageId}`);
  }

  /** How far the log was ever told of. */
  get toldUpTo(): number {
    return this.head + this.#foreseen.length;
  }

  /** What will have been there, unless that is lost in a crash. */
  foresee(events: readonly StoredEvent[]): void {
    this.#foreseen = events;
  }

  take(event: StoredEvent): void {
    const { seq, userId, messageId } = event;
    if (seq !== this.head + 1) throw new BrokenPromise(3, `after ${this.head} was stored ${seq}`);
    const before = this.seqOf(userId, messageId);
    if (before !== undefined) {
      throw new BrokenPromise(2, `${messageId} of ${userId} is stored as ${before} and as ${seq}`);
    }
    this.#requireOwn(event);
    this.events.push(event);
    this.#byKey.set(`${userId} ${messageId}`, seq);
  }

  /** Messages are edited and deleted by their authors alone: nobody moderates here. */
  #requireOwn({ seq, type, userId, payload }: StoredEvent): void {
    if (type !== "message_edited" && type !== "message_deleted") return;
    const target = changeSchema.parse(JSON.parse(payload)).seq;
    const author = target === seq ? userId : this.at(target)?.userId;
    if (author === userId) return;
    throw new BrokenPromise(4, `${userId} changed ${target} of ${author} by ${seq}`);
  }
}

const changeSchema = z.object({ seq: z.int() });

/**
 * What of one room was ever on disk, whatever became of it since: written down at each write, beside
 * the room, from the database itself.
 */
export class Ledger {
  readonly room: TestRoom;
  readonly lives = new Map<string, LoggedLife>();
  /** Notices that were ever in the outbox: recipient and key. */
  readonly notices = new Map<string, { readonly recipient: string; readonly key: string }>();
  /** Of these, what was erased with the room before it was delivered, perhaps. */
  readonly excused = new Set<string>();
  /** How far each person was told to have read since the room last lost its memory, and when. */
  readonly receipts = new Map<string, { readonly upTo: number; readonly at: number }>();
  readonly #now: () => number;
  #forgotAt = Number.NEGATIVE_INFINITY;
  #current: LoggedLife | undefined;

  /** @param now by a clock that nobody sets, milliseconds since the epoch. */
  constructor(room: TestRoom, now: () => number) {
    this.room = room;
    this.#now = now;
  }

  /** The life that is on disk now; `undefined` while there is none. */
  get current(): LoggedLife | undefined {
    return this.#current;
  }

  /** When {@link forget} was last called, by the same clock: what was told before counts no more. */
  get forgotAt(): number {
    return this.#forgotAt;
  }

  /** All is about to be erased, with what was written since it was last looked at. */
  foresee(): void {
    const epoch = this.#epoch();
    if (epoch === undefined) return;
    const life = this.lives.get(epoch) ?? new LoggedLife(epoch);
    this.lives.set(epoch, life);
    const rows = this.#rows("seq > ?", life.head);
    life.foresee(rows.map((row) => eventOf(row, this.#now())));
    this.#takeNotices();
  }

  /** What was not on disk is lost. */
  crashed(): void {
    this.forget();
    this.#current?.foresee([]);
    this.audit(50);
  }

  /**
   * The room has lost what it had in memory alone, or cannot store it, or its clock was set: receipts
   * of before and after cannot be compared.
   */
  forget(): void {
    this.#forgotAt = this.#now();
    this.receipts.clear();
  }

  /** Takes what is new on disk. */
  follow(): void {
    const epoch = this.#epoch();
    if (epoch !== this.#current?.epoch) {
      this.forget();
      for (const notice of this.notices.keys()) this.excused.add(notice);
    }
    if (epoch === undefined) {
      this.#current = undefined;
      return;
    }
    const life = this.lives.get(epoch) ?? new LoggedLife(epoch);
    this.lives.set(epoch, life);
    this.#current = life;
    for (const row of this.#rows("seq > ?", life.head)) life.take(eventOf(row, this.#now()));
    this.#takeNotices();
  }

  /** Nothing that was on disk may be gone, or be another one now; looks at the newest so many. */
  audit(newest: number): void {
    const life = this.#current;
    if (life === undefined) return;
    if (this.#epoch() !== life.epoch) throw new BrokenPromise(1, `${life.epoch} is gone`);
    const from = Math.max(1, life.head - newest + 1);
    const rows = this.#rows("seq >= ?", from).map((row) => eventOf(row, 0));
    if (rows.length !== life.head - from + 1) {
      throw new BrokenPromise(
        1,
        `${life.head} events were on disk, and ${rows.length} are left from ${from} on`,
      );
    }
    for (const row of rows) {
      const before = life.at(row.seq);
      if (before?.messageId !== row.messageId || before.userId !== row.userId) {
        throw new BrokenPromise(1, `${row.seq} was ${before?.messageId} and is ${row.messageId}`);
      }
    }
  }

  #takeNotices(): void {
    for (const row of this.#query("SELECT recipient, key FROM outbox")) {
      const notice = { recipient: textIn(row, "recipient"), key: textIn(row, "key") };
      this.notices.set(`${notice.recipient} ${notice.key}`, notice);
    }
  }

  #epoch(): string | undefined {
    const [table] = this.#query("SELECT name FROM sqlite_master WHERE name = 'meta'");
    if (table === undefined) return undefined;
    const [row] = this.#query("SELECT value FROM meta WHERE key = 'epoch'");
    return row === undefined ? undefined : textIn(row, "value");
  }

  #rows(where: string, binding: number): readonly SqlRow[] {
    const columns = "seq, type, user_id, message_id, payload";
    return this.#query(`SELECT ${columns} FROM log WHERE ${where} ORDER BY seq`, binding);
  }

  #query(statement: string, ...bindings: readonly number[]): readonly SqlRow[] {
    return [...this.room.disk.database.query(statement, ...bindings)];
  }
}

function eventOf(row: SqlRow, at: number): StoredEvent {
  return {
    seq: numberIn(row, "seq"),
    type: textIn(row, "type"),
    userId: textIn(row, "user_id"),
    messageId: textIn(row, "message_id"),
    payload: textIn(row, "payload"),
    at,
  };
}
