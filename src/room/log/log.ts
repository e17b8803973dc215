import type { Cursor } from "../../protocol/cursor.ts";
import type { BOUNDS } from "../../protocol/limits.ts";
import type { Message } from "../../protocol/message.ts";
import type { Page } from "./page.ts";

/** An event to append to the log. Its `seq` is the head's successor when it is decided. */
export interface LogEvent {
  readonly seq: number;
  readonly type: string;
  /** When it was accepted, milliseconds since the epoch. */
  readonly at: number;
  /** Who caused it, and by which messageId: the idempotency key. */
  readonly userId: string;
  readonly messageId: string;
  /**
   * `seq` of the message it changes; for a deleted message, its own; for a notification that came
   * from another room, that of the message there.
   */
  readonly target?: number;
  /** For a message, its newest edit event; for an edit event, the one before it. */
  readonly lastEdit?: number;
  /** The frame's payload as JSON text, serialised once and stored as it will be sent. */
  readonly payload: string;
  /** For a message that comes from an import: how often it was edited. */
  readonly edits?: number | undefined;
  /** How many people its sender has told of it, against the sender's quota. */
  readonly told?: number | undefined;
  /** Of the request that caused it; absent when every request under its key is the same one. */
  readonly fingerprint?: number | undefined;
}

/** A chat message in its present state. */
export interface LogMessage {
  readonly message: Message;
  /** Its newest edit event: the head of the chain that a deletion erases. */
  readonly lastEdit?: number;
  /** How often it was edited, as far as that was counted. */
  readonly edits: number;
}

/** What stands at a `seq` of the log. */
export type LogEntry =
  | ({ readonly kind: "message" } & LogMessage)
  | { readonly kind: "deleted" }
  | { readonly kind: "event" };

/** What names a request: whose it is, and the key that its sender gave it. */
export interface RequestName {
  readonly userId: string;
  readonly messageId: string;
}

/** A request that was accepted, and what it stored. */
export interface Accepted extends RequestName {
  readonly seq: number;
  readonly at: number;
  /** `undefined` when it is not known, or matches every request under this key. */
  readonly fingerprint: number | undefined;
}

/** How many people a sender told of a message, and when. */
export interface Told {
  readonly userId: string;
  readonly people: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A part of the log: what comes after one `seq`, up to another. */
export interface Stretch {
  readonly after: number;
  readonly upTo: number;
}

/** Part of the log that a page of history shows. */
export interface PageQuery {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** The room's log. Every call is synchronous. */
export interface RoomLog {
  /** Random text naming this life of the log. */
  readonly epoch: string;
  /**
   * Earlier lives that this one went on from by an import, the newest first, and how far each had
   * come: a cursor up to there is good here too.
   */
  readonly former: readonly Cursor[];
  /** `seq` of the newest event; 0 when there is none. */
  readonly head: number;
  /** `seq` of the oldest event that retention has left; 1 when there is none yet. */
  readonly oldest: number;

  /**
   * Runs `work` so that all of its writes are kept or none, those of the stores beside the log
   * included; throws what it throws.
   */
  transaction(work: () => void): void;
  append(event: LogEvent): void;
  /** Puts a message's new state in its row; `lastEdit` only when an edit event caused it. */
  rewrite(seq: number, payload: string, lastEdit?: number): void;
  /** Puts a tombstone in the place of a message and of every edit of it. */
  erase(seq: number, tombstone: string): void;

  entry(seq: number): LogEntry | undefined;
  /** Frames of the events after `seq`, oldest first, as JSON text; read as they are taken. */
  eventsAfter(seq: number, limit: number): Iterable<string>;
  /** Messages with deletions shown as such, as many as a page may hold. */
  page(query: PageQuery): Page;
  /** How many bytes the payloads of at most `limit` events after `seq` take; none of them is read. */
  bytesAfter(seq: number, limit: number): number;
  /**
   * The newest messages, as many as a greeting may hold, deleted ones left out, oldest first, as JSON text. Fewer than asked for when
   * more were deleted than are worth passing ({@link BOUNDS.deletedPassed}).
   */
  newestMessages(limit: number): readonly string[];
  /** The request that caused the event at a `seq`. */
  accepted(seq: number): Accepted | undefined;
  /** Requests under any of at most {@link BOUNDS.keysAtOnce} keys, whoever sent them. Looks at the whole stretch. */
  find(messageIds: readonly string[], stretch: Stretch): readonly Accepted[];
  /** The names of all requests of a stretch, of at most {@link BOUNDS.keysLoaded} rows. */
  keysIn(stretch: Stretch): readonly RequestName[];
  /** `seq` of the newest event of a stretch that was accepted by a time. */
  newestBefore(at: number, stretch: Stretch): number | undefined;
  /** `seq` of the newest reaction of a stretch that said just this. */
  reactionEvent(payload: string, stretch: Stretch): number | undefined;

  /** Who told others of messages after a time, oldest first, among the newest `limit` events. */
  toldSince(at: number, limit: number): readonly Told[];

  /** When the oldest event was accepted; `undefined` when there is none. */
  oldestAt(): number | undefined;
  /** When the newest event was accepted; `undefined` when there is none. */
  newestAt(): number | undefined;
  /** `seq` of the oldest of the newest `count` messages; `undefined` when nothing stands before them. */
  firstOfNewest(count: number): number | undefined;
  /** `seq` of the first event accepted at or after a time, the head's at most. */
  firstSince(at: number): number;
  /** Drops events below `seq`, at most `limit` of them; the head always stays. Returns how many went. */
  trim(below: number, limit: number): number;
}
