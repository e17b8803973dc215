import { CLOSES, type Close } from "../protocol/close.ts";
import type { Editor, KeptEditor } from "../protocol/document-admission.ts";
import {
  DOCUMENT_CLOSE_CODES,
  documentCloseFor,
  isToComeBack,
} from "../protocol/document-close.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { AUTHORIZE_UNAVAILABLE, TOKEN_EXPIRED } from "../protocol/refusals.ts";
import type { DocumentLimits } from "../protocol/settings.ts";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import type { AwarenessBook } from "./awareness.ts";
import { type Connection, type EditorSockets, isTold, openConnection } from "./connection.ts";
import { Debts } from "./debts.ts";
import { type DocumentTally, NO_TALLY } from "./document-tally.ts";
import { Editors } from "./editors.ts";
import { Endings } from "./endings.ts";
import { Lookout } from "./lookout.ts";
import { writePermissionDenied, writeQueryAwareness } from "./wire.ts";

const SLOW: Close = { code: DOCUMENT_CLOSE_CODES.comeBack, reason: "not reading", clean: false };
const SILENT: Close = { code: DOCUMENT_CLOSE_CODES.comeBack, reason: "silent", clean: false };
const READ_ONLY = refusal("access_denied", "You may read this document, and not change it.");
const UNSEEN = refusal(
  "too_large",
  `Others do not see all of your cursor: a connection shows at most ${YJS_BOUNDS.awarenessBytes} bytes of JSON, of ${YJS_BOUNDS.awarenessClients} clients.`,
);
const BAD_FRAMES = refusal("invalid_frame", "Too many frames that are none of this wire.");

/**
 * The connections of a document: how they come, what they are sent, and how they end. Every `now` is
 * milliseconds since the epoch.
 */
export class Attendance {
  readonly debts = new Debts();
  readonly #sockets: EditorSockets;
  readonly #limits: DocumentLimits;
  readonly #book: AwarenessBook;
  readonly #tally: DocumentTally;
  readonly #editors: Editors;
  readonly #endings = new Endings();
  readonly #lookout: Lookout;

  constructor(
    sockets: EditorSockets,
    limits: DocumentLimits,
    book: AwarenessBook,
    tally: DocumentTally = NO_TALLY,
  ) {
    this.#sockets = sockets;
    this.#limits = limits;
    this.#book = book;
    this.#tally = tally;
    this.#editors = new Editors(limits);
    this.#lookout = new Lookout(limits.silenceMs);
  }

  /** How many are here. */
  get size(): number {
    return this.#editors.size;
  }

  /** How long until the next that was refused is to be closed, in milliseconds; `undefined` when none is. */
  closeInMs(now: number): number | undefined {
    return this.#endings.dueInMs(now);
  }

  /** Whether some that were refused are yet to be closed. */
  get hasEndings(): boolean {
    return !this.#endings.isEmpty;
  }

  /** When {@link sweep} must be called next; `undefined` when nothing will be due. */
  get sweepAt(): number | undefined {
    return this.#editors.size === 0 ? undefined : this.#lookout.at;
  }

  /** A connection that may still say something. */
  get(id: string): Connection | undefined {
    return this.#editors.get(id);
  }

  /** Those who may still say something. */
  here(): readonly Connection[] {
    return [...this.#editors.all()];
  }

  /** Those who hear what happens. */
  told(now: number): readonly Connection[] {
    return [...this.#editors.all()].filter((connection) => isTold(connection, now));
  }

  /** Counts a try to come in; why it may not be, `undefined` when it may. */
  refuses(editor: Editor, now: number): Refusal | undefined {
    return this.#editors.refuses(editor, now);
  }

  /** @param wantsAccess whether it is to be told at once that it may only read, if so. */
  enter(id: string, editor: Editor, now: number, wantsAccess = false): void {
    const silent = this.#editors.silent(editor, now);
    if (silent !== undefined) this.close(silent, SILENT, now);
    const fresh = { isSynced: false, isToldReadOnly: false, badFrames: 0 };
    const kept = { ...fresh, editor, connectedAt: now, heardAt: now };
    const connection = this.#open(id, kept, now);
    this.keep(connection);
    this.#tally.came(this.#editors.size);
    if (wantsAccess && !editor.canWrite) this.tellReadOnly(connection);
  }

  /** Takes back a connection that outlived a sleep. */
  restore(id: string, kept: KeptEditor, now: number): void {
    this.#open(id, kept, now);
    const { editor, cursors } = kept;
    if (cursors === undefined) return;
    this.#book.restore({ connection: id, userId: editor.userId }, cursors);
  }

  /** A connection's socket has ended, whoever ended it. */
  leave(id: string, close: Close, now: number): void {
    this.#endings.remove(id);
    this.debts.ended(id);
    const connection = this.#editors.get(id);
    if (connection !== undefined) this.#gone(connection, close, false, now);
  }

  /** Keeps with its socket what of a connection must outlast a sleep. */
  keep(connection: Connection): void {
    const { id, editor, connectedAt, heardAt, isSynced, isToldReadOnly, badFrames } = connection;
    connection.heardKeptAt = heardAt;
    const cursors = this.#book.keep(id);
    const kept = { editor, connectedAt, heardAt, isSynced, isToldReadOnly, badFrames };
    this.#sockets.keep(id, cursors === undefined ? kept : { ...kept, cursors });
  }

  /** Sends frames, if the connection may still hear them. Returns how many bytes they were. */
  send(connection: Connection, frames: readonly Uint8Array[], now: number): number {
    if (connection.ending !== undefined || connection.editor.expiresAt <= now) return 0;
    let bytes = 0;
    for (const frame of frames) {
      this.#sockets.send(connection.id, frame);
      bytes += frame.byteLength;
    }
    this.#tally.sent(bytes);
    if (this.debts.sent(connection, bytes)) {
      this.#sockets.send(connection.id, writeQueryAwareness());
      this.debts.asked(connection, "awareness", now);
    }
    if (this.debts.isTooMuch(connection)) this.close(connection, SLOW, now);
    return bytes;
  }

  /** A connection is about to be sent the document, in these frames: from here on it hears what happens. */
  synced(connection: Connection, frames: readonly Uint8Array[], now: number): void {
    const bytes = frames.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { tokens, at } = connection.syncs;
    connection.syncs = { tokens: tokens - bytes / EDITOR_BOUNDS.syncTokenBytes, at };
    this.debts.asked(connection, "sync", now);
    if (connection.isSynced) return;
    connection.isSynced = true;
    this.keep(connection);
  }

  /** How much the whole address of a connection owes now, in bytes. */
  owedBeside(): (id: string) => number {
    const owed = this.debts.byAddress(this.#editors.all());
    return (id) => owed.get(this.#editors.get(id)?.editor.address ?? "") ?? 0;
  }

  /** Closes those who owe a sign that they read for too long, until there is room for so many bytes. */
  closeSlow(bytes: number, now: number, isUrgent = false): void {
    for (const connection of this.debts.overdue(this.#editors.all(), now, isUrgent)) {
      if (this.debts.has(bytes)) return;
      this.close(connection, SLOW, now);
    }
  }

  /** Refuses a frame; a few such end the connection. */
  refuse(connection: Connection, error: Refusal, now: number): void {
    connection.badFrames += 1;
    this.#tally.refused(error.code);
    if (connection.badFrames >= EDITOR_BOUNDS.badFrames) {
      this.end(connection, BAD_FRAMES, now);
      return;
    }
    this.#tell(connection, error);
    this.keep(connection);
  }

  /** Tells a connection once that what it changes is not taken; it is counted each time that it tries. */
  tellReadOnly(connection: Connection, hasTried = false): void {
    if (hasTried) this.#tally.refused(READ_ONLY.code);
    if (connection.isToldReadOnly) return;
    connection.isToldReadOnly = true;
    this.#tell(connection, READ_ONLY);
    this.keep(connection);
  }

  /** A connection may do something else, or be here for another time. */
  change(connection: Connection, changes: Partial<Editor>): void {
    const canWrite = changes.canWrite ?? connection.editor.canWrite;
    const loses = connection.editor.canWrite && !canWrite;
    connection.editor = { ...connection.editor, ...changes };
    this.#lookout.after(connection);
    // Whoever may write again, and then may not, is to be told anew.
    if (canWrite) connection.isToldReadOnly = false;
    if (loses) this.tellReadOnly(connection);
    this.keep(connection);
  }

  /** Ends a connection whose time is over. */
  endExpired(connection: Connection, now: number): void {
    const { tokenEndsAt = now } = connection.editor.authority ?? {};
    // Whoever could not be asked about for too long comes back, and is asked about at the door.
    this.end(connection, tokenEndsAt > now ? AUTHORIZE_UNAVAILABLE : TOKEN_EXPIRED, now);
  }

  /** Tells a connection once that others do not see all that it shows. */
  refuseShown(connection: Connection): void {
    if (connection.isToldUnseen) return;
    connection.isToldUnseen = true;
    this.#tally.refused(UNSEEN.code);
    this.#tell(connection, UNSEEN);
  }

  /** Ends a connection: at once when it is to come back, else once it had time to read why. */
  end(
    connection: Connection,
    error: Refusal,
    now: number,
    close = documentCloseFor(error.code),
  ): void {
    if (isToComeBack(close)) {
      this.close(connection, close, now);
      return;
    }
    this.#tell(connection, error);
    this.#gone(connection, close, true, now);
    this.#endings.begin(connection, close, now);
  }

  /** Ends connections to a document that was deleted, all of them unless told. */
  endDeleted(now: number, connections = [...this.#editors.all()]): void {
    for (const connection of connections) {
      this.#sockets.send(connection.id, writePermissionDenied(CLOSES.deleted.reason));
      this.#gone(connection, CLOSES.deleted, true, now);
      this.#endings.begin(connection, CLOSES.deleted, now);
    }
  }

  /** Ends all connections. */
  endAll(error: Refusal, now: number): void {
    for (const connection of [...this.#editors.all()]) this.end(connection, error, now);
  }

  close(connection: Connection, close: Close, now: number): void {
    this.#gone(connection, close, true, now);
    this.#sockets.close(connection.id, close);
  }

  /** Closes those whose time to read why is over. */
  closeEnded(now: number): void {
    for (const { id, ending } of this.#endings.take(now)) {
      if (ending !== undefined) this.#sockets.close(id, ending.close);
    }
  }

  /** Ends those whose token has ended, and those who have said nothing for too long. */
  sweep(now: number): void {
    this.#lookout.restart();
    for (const connection of [...this.#editors.all()]) {
      // A clock that was set back must not keep a silent one for longer.
      connection.heardAt = Math.min(connection.heardAt, now);
      if (connection.editor.expiresAt <= now) this.endExpired(connection, now);
      else if (this.#lookout.silentAt(connection) <= now) this.close(connection, SILENT, now);
      else this.#lookout.after(connection);
    }
  }

  #open(id: string, kept: Omit<KeptEditor, "cursors">, now: number): Connection {
    const connection = openConnection(id, kept, this.#limits, now);
    this.#editors.add(connection);
    this.#lookout.after(connection);
    return connection;
  }

  #tell({ id }: Connection, { code, message }: Refusal): void {
    this.#sockets.send(id, writePermissionDenied(`${code}: ${message}`));
  }

  /** @param isOurs whether we end it: its socket may hold what is unread for a while yet. */
  #gone(connection: Connection, close: Close, isOurs: boolean, now: number): void {
    this.#tally.ended(close);
    this.#editors.remove(connection.id);
    this.debts.left(connection, isOurs);
    this.#book.leave(connection.id, now);
  }
}
