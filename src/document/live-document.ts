import { assertNever } from "../protocol/assert-never.ts";
import type { Close } from "../protocol/close.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { refusal } from "../protocol/error.ts";
import { OUR_FAULT } from "../protocol/refusals.ts";
import type { DocumentLimits } from "../protocol/settings.ts";
import { Attendance } from "./attendance.ts";
import { EditorAuthorities } from "./authorities.ts";
import { AwarenessBook } from "./awareness.ts";
import { type Connection, type EditorSockets, signOf } from "./connection.ts";
import { Cursors } from "./cursors.ts";
import type { DocumentStore } from "./document-store.ts";
import { type DocumentTally, NO_TALLY } from "./document-tally.ts";
import { Intake } from "./intake.ts";
import { type Join, Joins } from "./joins.ts";
import type { KeptDocument } from "./kept-document.ts";
import { BroughtClients } from "./newcomers.ts";
import { paceMs } from "./pace.ts";
import { readStateVector } from "./state-vector.ts";
import { type News, type Parcel, parcelsFor, type Sent, Telling } from "./telling.ts";
import { Tombstone } from "./tombstone.ts";
import { type WireMessage, writeAwareness, writeSyncStep1 } from "./wire.ts";

/** What a live document works with. */
export interface LiveParts {
  readonly document: KeptDocument;
  readonly sockets: EditorSockets;
  readonly limits: DocumentLimits;
  /** Told of what failed. */
  readonly failed: (where: string, error: unknown) => void;
  readonly tally?: DocumentTally;
}

/** How long somebody who is alone waits for the document at most, in milliseconds. */
const JOIN_MS = EDITOR_BOUNDS.flushGapMs;
const NOT_FROM_CLIENTS = refusal("invalid_frame", "Only a server refuses.");

/**
 * A document with those who are in it. What comes is stored and told by flushes: nobody is told what is
 * not stored, and nobody more than one update and one frame of cursors at once, the sender included: that
 * is its receipt. Every `now` is milliseconds since the epoch.
 */
export class LiveDocument {
  readonly attendance: Attendance;
  readonly authorities: EditorAuthorities;
  readonly #kept: KeptDocument;
  readonly #failed: LiveParts["failed"];
  readonly #tally: DocumentTally;
  readonly #intake: Intake;
  readonly #book = new AwarenessBook();
  readonly #cursors = new Cursors(this.#book);
  readonly #joins: Joins;
  /** Counts what people bring, by whatever way. */
  readonly brought = new BroughtClients();
  readonly #tombstone = new Tombstone();
  #telling: Telling | undefined;
  /** Since when the telling waits for a sign that what was sent is read. */
  #heldSince: number | undefined;
  #lastFlushAt = Number.NEGATIVE_INFINITY;

  constructor({ document, sockets, limits, failed, tally = NO_TALLY }: LiveParts) {
    this.#kept = document;
    this.#failed = failed;
    this.#tally = tally;
    this.#intake = new Intake(limits);
    this.attendance = new Attendance(sockets, limits, this.#book, tally);
    this.authorities = new EditorAuthorities(this.attendance, (connection, now) => {
      // What it changed while it might not was dropped: it is to say that again.
      const frames = connection.isSynced ? [writeSyncStep1(this.#kept.vector)] : [];
      this.attendance.send(connection, frames, now);
    });
    this.#joins = new Joins(document, this.#book, this.attendance.debts);
  }

  /** A frame came. */
  hear(id: string, raw: string | ArrayBuffer, now: number): void {
    const connection = this.attendance.get(id);
    if (connection === undefined) return;
    if (connection.editor.expiresAt <= now) {
      this.attendance.endExpired(connection, now);
      return;
    }
    connection.heardAt = now;
    this.#tally.heard(typeof raw === "string" ? raw.length : raw.byteLength);
    const received = this.#intake.receive(connection, raw, now);
    if (received.kind === "dropped") this.attendance.debts.heard(connection, received.sign);
    if (received.kind === "message") this.#read(connection, received.message, now);
    else if (received.kind === "refused") this.attendance.refuse(connection, received.error, now);
    else if (received.kind === "fatal") this.attendance.end(connection, received.error, now);
    if (now - connection.heardKeptAt > EDITOR_BOUNDS.heardKeptMs) this.#cursors.moved.add(id);
  }

  /** A connection is gone. */
  leave(id: string, close: Close, now: number): void {
    this.#joins.remove(id);
    this.#cursors.moved.delete(id);
    this.attendance.leave(id, close, now);
  }

  /** Ends all connections of a document that was erased, and begins anew on an empty store. */
  erase(store: DocumentStore, now: number): void {
    this.attendance.endDeleted(now);
    this.#tombstone.add(this.#kept.clocks, now);
    this.#kept.restart(store);
    this.#telling = undefined;
    this.#heldSince = undefined;
  }

  get hasWork(): boolean {
    return this.#isBusy || this.attendance.hasEndings || !this.#cursors.moved.isEmpty;
  }

  /** Whether the last flush was sent in part, and the rest waits for its turn alone. */
  get isTelling(): boolean {
    return this.#telling !== undefined && this.#heldSince === undefined;
  }

  /** How long the next flush waits, in milliseconds. */
  flushDelayMs(now: number): number {
    const closeMs = this.attendance.closeInMs(now) ?? Number.POSITIVE_INFINITY;
    // Where something waits to be told, that flush keeps them too: one more would be one more row.
    if (!this.#isBusy) return Math.min(closeMs, this.#cursors.moved.dueInMs(now));
    const isWaiting = this.#heldSince !== undefined || this.#joins.isHeld;
    const workMs = isWaiting ? EDITOR_BOUNDS.signLookMs : this.#tellInMs(now);
    return Math.min(closeMs, this.#joins.isEmpty ? workMs : Math.min(workMs, JOIN_MS));
  }

  /** Stores what waits and tells it, or goes on telling. */
  flush(now: number): void {
    this.attendance.closeEnded(now);
    this.#keepMoved(now);
    if (this.#telling === undefined && this.#isBusy) this.#telling = this.#settle(now);
    if (this.#telling !== undefined) this.#tell(this.#telling, now);
  }

  /** When {@link wake} must be called next, milliseconds since the epoch. */
  get wakeAt(): number | undefined {
    const { sweepAt } = this.attendance;
    return this.#isFoldDue ? Number.NEGATIVE_INFINITY : sweepAt;
  }

  /** Does what is due without a frame: ends whose time is over, and folds the tail. */
  wake(now: number): void {
    this.attendance.sweep(now);
    if (this.#isFoldDue) this.#kept.fold(now);
  }

  /** Whether nobody is here and nothing was ever stored. */
  get isOver(): boolean {
    return this.attendance.size === 0 && !this.hasWork && !this.#kept.isWritten;
  }

  get #isFoldDue(): boolean {
    return this.#kept.isFoldDue(this.attendance.size === 0);
  }

  get #isBusy(): boolean {
    return this.#book.hasNews || this.#hasMoreThanCursors;
  }

  get #hasMoreThanCursors(): boolean {
    const isDue = this.#cursors.isCallDue || this.#telling !== undefined;
    return isDue || this.#kept.hasNews || !this.#joins.isEmpty;
  }

  #tellInMs(now: number): number {
    const { size } = this.attendance;
    const cursorsMs = this.#cursors.dueInMs(size, now);
    if (!this.#hasMoreThanCursors) return cursorsMs;
    return Math.min(cursorsMs, paceMs(size, this.#lastFlushAt, now));
  }

  #read(connection: Connection, message: WireMessage, now: number): void {
    const { attendance } = this;
    attendance.debts.heard(connection, signOf(message));
    switch (message.type) {
      case "sync_step_1":
        this.#ask(connection, message.vector, now);
        return;
      case "sync_step_2":
      case "update":
        this.#change(connection, message.update, now);
        return;
      case "awareness":
        this.#show(connection, message.awareness, now);
        return;
      case "query_awareness": {
        const shown = this.#book.greet(now);
        if (shown !== undefined) attendance.send(connection, [writeAwareness(shown)], now);
        return;
      }
      case "permission_denied":
        attendance.refuse(connection, NOT_FROM_CLIENTS, now);
        return;
      default:
        assertNever(message);
    }
  }

  #ask(connection: Connection, vector: Uint8Array, now: number): void {
    const read = readStateVector(vector);
    if (!read.ok) this.#refuse(connection, read.fault, now);
    else if (this.#tombstone.isIn(read.vector, this.#kept.clocks, now))
      this.attendance.endDeleted(now, [connection]);
    else this.#joins.add(connection.id, read.vector);
  }

  #change(connection: Connection, update: Uint8Array, now: number): void {
    const { canWrite, userId } = connection.editor;
    const bring = (count: number) => this.brought.bring(userId, count, now);
    const offered = canWrite ? this.#kept.offer(update, bring) : this.#kept.look(update);
    if (!canWrite && offered.kind === "taken") this.attendance.tellReadOnly(connection, true);
    if (offered.kind === "refused") this.attendance.refuse(connection, offered.error, now);
    else if (offered.kind === "fatal") this.attendance.end(connection, offered.error, now);
  }

  #show(connection: Connection, awareness: Uint8Array, now: number): void {
    const heard = this.#cursors.hear(connection, awareness, now);
    if (!heard.ok) {
      this.#refuse(connection, heard.fault, now);
      return;
    }
    const { refused, greeting } = heard;
    if (refused > 0) this.attendance.refuseShown(connection);
    if (greeting !== undefined) this.attendance.send(connection, [writeAwareness(greeting)], now);
  }

  #refuse(connection: Connection, fault: string, now: number): void {
    this.attendance.refuse(connection, refusal("invalid_frame", `${fault}.`), now);
  }

  /** Stores what waits; what there is to tell of it. */
  #settle(now: number): Telling | undefined {
    this.#lastFlushAt = now;
    let update: Uint8Array | undefined;
    try {
      update = this.#kept.commit(now);
    } catch (error) {
      this.#failed("store", error);
      // Each believes that what it said is here.
      this.attendance.endAll(OUR_FAULT, now);
      return undefined;
    }
    const news = { update, cursors: this.#cursors.takeNews(this.attendance.size, now) };
    if (this.#joins.isHeld) this.attendance.closeSlow(this.#kept.storedBytes, now);
    const joins = this.#joins.take(this.attendance);
    return new Telling(this.#parcels(news, joins, now));
  }

  *#parcels(news: News, joins: readonly Join[], now: number): Generator<Parcel> {
    const isCalling = this.#cursors.takeCall(this.attendance.size);
    const isAny = news.update !== undefined || news.cursors !== undefined || isCalling;
    const told = isAny ? this.attendance.told(now) : [];
    yield* parcelsFor(told, news, (id) => (isCalling ? this.#book.call(id) : undefined));
    for (const [id, greeting] of joins) {
      yield { id, frames: () => greeting(now), isGreeting: true };
    }
  }

  #keepMoved(now: number): void {
    for (const id of this.#cursors.moved.take(now)) {
      const connection = this.attendance.get(id);
      if (connection !== undefined) this.attendance.keep(connection);
    }
  }

  #tell(telling: Telling, now: number): void {
    const told = telling.portion(
      (parcel) => this.#send(parcel, now),
      () => this.attendance.debts.isOver,
    );
    if (told === "all") {
      this.#telling = undefined;
      // A gap is what others have of the thread: where telling takes long, it begins when half were told.
      this.#lastFlushAt = (this.#lastFlushAt + now) / 2;
    }
    if (told !== "held") {
      this.#heldSince = undefined;
      return;
    }
    this.#heldSince ??= now;
    // While it is held nobody's changes are stored.
    this.attendance.closeSlow(0, now, Math.abs(now - this.#heldSince) >= EDITOR_BOUNDS.signMs);
  }

  #send({ id, frames, isGreeting }: Parcel, now: number): Sent {
    const connection = this.attendance.get(id);
    if (connection === undefined) return { sends: 0, bytes: 0 };
    try {
      const all = frames();
      if (isGreeting) this.attendance.synced(connection, all, now);
      return { sends: all.length, bytes: this.attendance.send(connection, all, now) };
    } catch (error) {
      // Or it would be tried again and again, and nobody told or stored anything meanwhile.
      this.#failed("tell", error);
      this.attendance.end(connection, OUR_FAULT, now);
      return { sends: 0, bytes: 0 };
    }
  }
}
