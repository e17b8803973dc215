import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import type { AwarenessBook } from "./awareness.ts";
import { readAwareness } from "./awareness-message.ts";
import type { Connection } from "./connection.ts";
import { Moved } from "./moved.ts";
import { cursorPaceMs } from "./pace.ts";

/** What is to be done about a message with cursors. */
export type HeardCursors =
  | {
      readonly ok: true;
      /** What the sender is to be answered with at once, if with anything. */
      readonly greeting: Uint8Array | undefined;
      /** How many of its states are shown to nobody, for they are beyond a bound. */
      readonly refused: number;
    }
  /** In plain words what is wrong with it. */
  | { readonly ok: false; readonly fault: string };

/** The cursors of a document on their way: heard, to be told when it is time, and to be kept by their sockets. */
export class Cursors {
  readonly #book: AwarenessBook;
  /** Connections whose sockets are to keep them anew. */
  readonly moved = new Moved();
  /** Whether somebody is back who has let go of the others. */
  #isCallDue = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(book: AwarenessBook) {
    this.#book = book;
  }

  hear({ id, editor }: Connection, awareness: Uint8Array, now: number): HeardCursors {
    const speaker = { connection: id, userId: editor.userId };
    const read = readAwareness(awareness, this.#book.interestOf(speaker));
    if (!read.ok) return read;
    const { isNews, isBack, greeting, refused } = this.#book.hear(speaker, read.shown, now);
    if (isNews) this.moved.add(id);
    this.#isCallDue ||= isBack;
    return { ok: true, greeting, refused };
  }

  /** How long what is shown anew waits, in milliseconds; for ever when nothing is. */
  dueInMs(connections: number, now: number): number {
    if (!this.#book.hasNews) return Number.POSITIVE_INFINITY;
    // A clock that was set back must not have them wait until it is there again.
    if (now < this.#toldAt) return 0;
    return cursorPaceMs(connections, this.#toldAt, now);
  }

  /** Takes what is shown anew as an awareness update, when it is time to tell it. */
  takeNews(connections: number, now: number): Uint8Array | undefined {
    if (this.dueInMs(connections, now) > 0) return undefined;
    this.#toldAt = now;
    return this.#book.takeNews();
  }

  /** Whether {@link takeCall} is to be asked. */
  get isCallDue(): boolean {
    return this.#isCallDue;
  }

  /** Whether all are to show themselves again now, for somebody who is back. */
  takeCall(connections: number): boolean {
    const isCalling = this.#isCallDue && connections <= EDITOR_BOUNDS.called;
    this.#isCallDue = false;
    return isCalling;
  }
}
