import type { GameField } from "./game-state.ts";
import type { Json } from "./json.ts";
import type { Message, PresentUser } from "./message.ts";
import type { Notification } from "./notification.ts";

/** What the first frame of every connection tells, whatever the kind of room. */
export interface Greeting {
  readonly roomId: string;
  readonly userId: string;
  readonly epoch: string;
  /** The log's head at this moment. */
  readonly seq: number;
  readonly users: readonly PresentUser[];
  /** How far each person has read. */
  readonly reads: Readonly<Record<string, number>>;
  /** Told to a connection that asked for its echo: the `origin` of the events that it published. */
  readonly origin?: string | undefined;
  /** Whether every event missed since the given cursor follows. */
  readonly recovered: boolean;
  readonly heartbeatMs: number;
  readonly limits: {
    readonly frameBytes: number;
    readonly contentChars: number;
    readonly framesPerSecond: number;
    /** How often a second it is told what a person shows; absent where people show nothing. */
    readonly presencePerSecond?: number | undefined;
  };
}

/** First frame in a chat room. */
export interface JoinedRoom extends Greeting {
  /** Oldest first; empty when `recovered`. */
  readonly history: readonly Message[];
}

/** First frame in an inbox. */
export interface JoinedInbox extends Greeting {
  /** Oldest first; empty when `recovered`. */
  readonly history: readonly Notification[];
  readonly unread: number;
}

/** The newest value of one event of a topic. */
export interface LastValue {
  readonly data: Json;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** First frame in a topic. */
export interface JoinedTopic extends Greeting {
  readonly history: readonly [];
  /** By event name. */
  readonly last: Readonly<Record<string, LastValue>>;
}

/** A document as it is after so many changes. */
export interface Snapshot {
  readonly version: number;
  readonly snapshot: Json;
}

/** First frame in a document. Its `seq` is its `version`. */
export interface JoinedDocument extends Greeting {
  /** How many changes it has. */
  readonly version: number;
  /** The changes that follow begin here: after the snapshot's, or where one that resumes stands. */
  readonly from: number;
  /** `null` for one that resumes, and while there is none: then it begins with nothing. */
  readonly snapshot: Snapshot | null;
  /** Where cursors are, by user id. */
  readonly cursors: Readonly<Record<string, Json>>;
}

/** First frame in a game. */
export interface JoinedGame extends Greeting {
  readonly history: readonly [];
  /** Absent of those who watch. */
  readonly playerId?: number | undefined;
  /** Ticks a second. */
  readonly tickHz: number;
  /** What a row of `game_state` says of a player behind its id, in this order. */
  readonly fields: readonly GameField[];
  /** What `shared` of `game_state` says, in this order; absent of a game that shares nothing. */
  readonly shared?: readonly GameField[] | undefined;
  /** What `player_input` takes, as JSON Schema. */
  readonly input: { readonly [keyword: string]: Json };
}

/** Whether a frame of this type is the first one of a connection, which tells where the room stands. */
export function isGreeting(type: string): boolean {
  return type === "joined_room" || type === "joined_document";
}
