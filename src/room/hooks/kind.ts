import type { Cursor } from "../../protocol/cursor.ts";
import type { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Refusal } from "../../protocol/error.ts";
import type { You } from "../../protocol/frames/connection.ts";
import type { Json } from "../../protocol/json.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import type { Actor } from "../actor.ts";
import type { Connection, Session } from "../connections/connection.ts";
import type { FrameParser, RoomFrame } from "../frame.ts";
import type { LogEvent } from "../log/log.ts";
import type { Places } from "../log/places.ts";
import type { Resumption } from "../log/resume.ts";
import type { KindArchive } from "../store/archive.ts";
import type { RoomStore } from "../store/store.ts";
import type { SqlRow } from "../store/tables.ts";
import type { RoomClock } from "./clock.ts";
import type { Answered, Decision } from "./decision.ts";
import type { Telling } from "./effect.ts";
import type { KindReview } from "./review.ts";
import type { Subscription } from "./subscription.ts";

/**
 * A kind of room as the engine runs it. It names none: whatever it does for one kind alone is asked
 * for here.
 */
export interface RoomKind {
  /** As exports, metrics and refusals call it. */
  readonly name: string;
  /** Whether people in a room are told of each other. */
  readonly presence: boolean;
  /** Whether it is kept how far each person has read. */
  readonly receipts: boolean;
  /** Whether a rule of its says who may be in its rooms: then nobody comes in but by that. */
  readonly authorizes: boolean;
  /** What comes before the types of its events where they are told outside of the room: `poll.` of `poll.closed`. */
  readonly outside: string;
  /** Codes of its own that its rules may refuse with. */
  readonly errors: readonly string[];
  /** Of its contract: 1 of those that were never changed. */
  readonly version: number;
  /** The type of its first frame. */
  readonly greets: string;
  /** Whether who sent something is answered before being told, with all, what came of it in that flush. */
  readonly answersFirst: boolean;
  /** How far apart its flushes are at least, in milliseconds; 0 where its readers alone say that. */
  readonly gapMs: number;
  /** Its own events in the log. */
  readonly log: LogShape;
  /** What of an export is its own. */
  readonly archive: KindArchive;
  /** The limits of its rooms, by those of the deployment. */
  limits(limits: RoomLimits): RoomLimits;
  /** Whether a frame of this type may be submitted by request. */
  takes(type: string): boolean;
  /** Whether of frames of this type only the newest of a connection counts. */
  conflates(type: string): boolean;
  /** Makes the parser of what clients say. */
  parser(limits: RoomLimits): FrameParser;
  /** Its rules that look at frames before they are queued; `undefined` when it has none. */
  review(limits: RoomLimits): KindReview | undefined;
  /** A room that begins or wakes. */
  open(ports: KindPorts): KindRoom;
}

/** How the events of a kind lie in the log, and how they are told. */
export interface LogShape {
  /** The frame of an event as JSON text: {@link eventFrame} or one that says more. */
  frame(event: ToldEvent): string;
  /** What more is selected of a row, for {@link LogShape.payload} and {@link LogShape.more}. */
  readonly columns?: string;
  /** What more {@link LogShape.frame} is to know of an event, of a row of the log. */
  more?(row: SqlRow): Pick<ToldEvent, "target" | "messageId">;
  /** An event's payload as it is now, of a row of the log. */
  payload?(row: SqlRow): string;
}

/** What is known of an event when it is told: of one that is read again, only some kinds ask for more. */
export type ToldEvent = Pick<LogEvent, "seq" | "type" | "at" | "userId" | "payload"> &
  Partial<Pick<LogEvent, "target" | "messageId">>;

/** What a room of some kind stands on. */
export interface KindPorts {
  readonly name: string;
  readonly store: RoomStore;
  readonly limits: RoomLimits;
  /** Who outside hears of what is stored here. */
  readonly subscriptions: readonly Subscription[];
  readonly connections: ReadonlyMap<string, Connection>;
  /** What people show of themselves. */
  readonly appearances: ShownThings;
  /** Has a connection keep JSON text of the kind's own, over a sleep too; with `undefined` none any more. */
  readonly keep: (connection: Connection, ofKind: string | undefined) => void;
  /** Whether one of a person's connections is here. */
  readonly isHere: (userId: string) => boolean;
  /** Whether it is known that a person has read something here. */
  readonly hasRead: (userId: string) => boolean;
  /** Notes what went wrong where nobody waits for an answer. */
  readonly failed: (failure: unknown) => void;
}

/**
 * Moments that a kind is to decide on although nobody says anything then, each as the frame to decide.
 * Those that are absent pass by.
 */
export interface Moments {
  /** A person's first connection has come; the frame is that person's. */
  readonly joined?: RoomFrame;
  /** A person's last connection has gone. */
  readonly left?: RoomFrame;
  /** Nobody is left. */
  readonly empty?: RoomFrame;
}

/** What people show of themselves while they are here. */
export interface ShownThings {
  /** Why a person may not show so much. */
  refuses(userId: string, bytes: number): Refusal | undefined;
  /** Has the person of a connection show something, or with `null` nothing any more; what the others are told. */
  show(connectionId: string | undefined, data: Json, now: number): readonly Telling[];
}

/** One room of a kind. */
export interface KindRoom {
  readonly memory: KindMemory;
  /** None when absent. */
  readonly moments?: Moments;
  /**
   * Decides what a checked frame does; it changes nothing itself.
   *
   * @param now milliseconds since the epoch, as everywhere here.
   */
  decide(frame: RoomFrame, actor: Actor, now: number): Decision;
  /** Answers a query by how the room stands; absent of kinds that have none. */
  query?(question: Question, actor: Actor, now: number): Answered;
}

/** What somebody asks of a room. */
export interface Question {
  readonly name: string;
  /** As it came; `undefined` where nothing did. */
  readonly input: unknown;
}

/**
 * What a room of some kind keeps in memory beside its log, and what it does at its time. Whatever is
 * absent does nothing. In a flush it is asked in this order: {@link begin}; what decisions want of it,
 * and {@link appended}, which may write; {@link save}; then {@link settled} and {@link owes}, once the
 * transaction stands, or {@link rolledBack}.
 */
export interface KindMemory {
  /** A flush begins: what an earlier one has left undone is void. */
  begin?(): void;
  /** An event was appended. */
  appended?(event: LogEvent): void;
  /** Writes what several frames of the flush share, inside its transaction. */
  save?(now: number): void;
  /** The transaction stands. */
  settled?(now: number): void;
  /** What is told at the end of a flush that stands, beside what its frames had told. */
  owes?(): readonly Telling[];
  /** A flush has failed: nothing of what it wrote stands, nor what was kept in memory because of it. */
  rolledBack?(): void;
  /**
   * What of the log a newcomer is told after its greeting, where that is not for those alone who resume.
   *
   * @param inPages whether it takes one page of it, however much there is.
   */
  resume?(cursor: Cursor | undefined, inPages: boolean): Resumption;
  /** What its greeting says beside what every room's does. */
  greet?(newcomer: Greeted): KindGreeting;
  /** What an answer to a poll says beside the events. */
  poll?(): object;
  /** A page of something, by its name in the answer; `undefined` where there is no such thing. */
  page?(name: string, query: unknown): KindPage | undefined;
  /** All of it, for those who ask by request: the members of an answer, as JSON text. */
  whole?(): string;
  /** Since when whoever sends has waited to be taken, milliseconds since the epoch: the earliest is decided first. */
  waitingSince?(actor: Actor): number | undefined;
  /** Somebody's connection is gone: what the others are to be told. */
  left?(connection: Connection, now: number): readonly Telling[];
  /** Keeps what follows from events that retention may now drop, and drops what need not last. */
  upkeep?(now: number): void;
  /** What is due by now, as frames that the room itself is taken to have sent. */
  due?(now: number): readonly RoomFrame[];
  /**
   * Has a timer that was given up run again; `false` where another of its name waits. It stands with
   * {@link settled}, as after a flush.
   */
  revive?(name: string, data: Json, now: number): boolean;
  /** When it must be looked after next, `undefined` when nothing calls for it. */
  wakeAt?(): number | undefined;
  /** Of a kind whose events nothing but itself may let go: the oldest `seq` that must stay. */
  keepsFrom?(): number;
  /** Retention may have dropped events: this is the oldest that the log still has. */
  trimmed?(oldest: number): void;
  /** Until when an empty room has something worth keeping; `-Infinity` when there is nothing. */
  livesUntil?(now: number): number;
  /** How cursors count in its rooms, where that is not by `seq`. */
  readonly places?: Places | undefined;
  /** How it stands, of a kind that is told to those who do not follow its events. */
  readonly standing?: RoomStanding | undefined;
  /** What goes on by itself in its rooms, of a kind that has such. */
  readonly clock?: RoomClock | undefined;
  /** The newest value of each of its events, of a kind that keeps them. */
  readonly lastValues?: KeptValues | undefined;
}

/** Who is greeted. */
export interface Greeted {
  readonly connectionId: string;
  readonly userId: string;
  readonly you: You;
  /** Entries of history that it wants. */
  readonly history: number;
  /** Whether it goes on from where it was. */
  readonly recovered: boolean;
  /** The `seq` after which it is told of the log; the head's where nothing follows. */
  readonly after: number;
}

/** The kind's part of a greeting; `history` is entries as JSON text. */
export interface KindGreeting {
  readonly fields: object;
  readonly history: readonly string[];
  /** Members of it as JSON text, in the place of `history`. */
  readonly text?: string;
}

/** A page: entries as JSON text, oldest first, and what stands beside them. */
export interface KindPage {
  readonly entries: readonly string[];
  readonly fields: object;
}

/** How a room stands, as it is stored. */
export interface RoomStanding {
  /** Another one whenever it stands in another way. */
  readonly revision: number;
  /** Whether a client makes it out from events by itself. */
  isFollowedBy(session: Pick<Session, "folds">): boolean;
  /** Tells it. */
  frame(now: number): EncodedFrame;
}

/** Values that a room keeps by event. */
export interface KeptValues {
  /** Drops a value; false when there is none. */
  forget(event: string): boolean;
}
