import type { PresentUser } from "./message.ts";

/** What `GET /healthz` answers. */
export interface Health {
  readonly status: "ok";
  readonly version: string;
}

/** A token and when it ends, ISO 8601. */
export interface MintedToken {
  readonly token: string;
  readonly expiresAt: string;
}

/** A guest's token, and who the guest is. */
export interface GuestToken extends MintedToken {
  readonly userId: string;
  readonly name: string;
}

/** Who is in a room now. */
export interface People {
  readonly users: readonly PresentUser[];
}

/** To how many connections something went. */
export interface Delivered {
  readonly delivered: number;
}

/** About how many people a rule is asked anew. */
export interface Asked {
  readonly asked: number;
}

/** A Yjs document as it was once. */
export interface DocumentVersion {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  /** A user's id; `system` for what came by itself, and for the API key. */
  readonly by: string;
  readonly label?: string;
}

/** What `GET /versions` answers: the newest first. */
export interface VersionPage {
  readonly versions: readonly DocumentVersion[];
  readonly hasMore: boolean;
}

/** What restoring a version did. */
export interface RestoredVersion {
  /** False when the document is as the version was. */
  readonly changed: boolean;
}

/** What a kick did. */
export interface Kicked {
  readonly disconnected: number;
  /** ISO 8601; absent without a ban. */
  readonly bannedUntil?: string;
}

/** What `GET /stats` answers: what is here now, and what happened since the room's first day. */
export interface RoomStats {
  readonly epoch: string;
  readonly seq: number;
  readonly connections: number;
  readonly users: number;
  /** The most connections at once. */
  readonly peak: number;
  /** Durable events appended. */
  readonly messages: number;
  /** Frames received over WebSocket. */
  readonly frames: number;
  /** Payload of WebSocket messages, before compression. */
  readonly bytes: { readonly in: number; readonly out: number };
  /** Events that retention has left in the log. */
  readonly logRows: number;
  /** Size of the room's database. */
  readonly storedBytes: number;
  /** By transport. */
  readonly connects: Readonly<Record<string, number>>;
  /** By close code; those that clients make up are `other`. */
  readonly disconnects: Readonly<Record<string, Disconnects>>;
  /** By error code, those of the contract's own included; words that it does not have are `other`. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Rules of its kind that threw, or answered what they may not, by hook. */
  readonly ruleFailures: Readonly<Record<string, number>>;
  readonly flushes: { readonly count: number; readonly items: number };
  /** Of a room with a clock: where it stands, how many play, and ticks left out since the first day. */
  readonly clock?: {
    readonly tick: number;
    readonly players: number;
    readonly skippedTicks: number;
  };
}

/** What `GET /v1/documents/:name/stats` answers: what is here now, and what happened since its first day. */
export interface DocumentStats {
  readonly connections: number;
  readonly users: number;
  /** The most connections at once. */
  readonly peak: number;
  /** Changes taken that had something new in them. */
  readonly edits: number;
  /** Frames received. */
  readonly frames: number;
  readonly bytes: { readonly in: number; readonly out: number };
  /** Size of its database. */
  readonly storedBytes: number;
  /** How often the tail of updates was folded into the snapshot. */
  readonly folds: number;
  /** Updates set aside, for the document could not be built with them. */
  readonly quarantined: number;
  readonly connects: Readonly<Record<string, number>>;
  /** By close code; those that clients make up are `other`. */
  readonly disconnects: Readonly<Record<string, Disconnects>>;
  /** Frames refused or dropped, by error code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Rules on documents that failed, by hook. */
  readonly ruleFailures: Readonly<Record<string, number>>;
}

/** `POST /import`: where the room stands now. */
export interface Imported {
  readonly epoch: string;
  readonly seq: number;
  /** Lines that were read. */
  readonly lines: number;
}

/** Something that a room has given up, as `GET /dead-letters` lists it. */
export interface ListedDeadLetter {
  readonly id: number;
  /** Who was to bring it: `webhook`, `after`, `inbox`, or `timer`. */
  readonly carrier: string;
  /** A webhook's name, a user's id, a timer's name, or the key of what an `after` rule was to hear. */
  readonly recipient: string;
  /** What it would have told: the type of an event or a notice, or a timer's name. */
  readonly name: string;
  readonly key: string;
  /** Of the event that it is about. */
  readonly seq: number;
  readonly reason: string;
  /** ISO 8601. */
  readonly storedAt: string;
  /** ISO 8601; absent of what an earlier release gave up. */
  readonly givenUpAt?: string;
}

/** `GET /dead-letters`: the newest first. */
export interface DeadLetterPage {
  readonly deadLetters: readonly ListedDeadLetter[];
  /** Of all that the room keeps. */
  readonly count: number;
  readonly hasMore: boolean;
}

/** `POST /dead-letters/resend`: how many are on their way. */
export interface Resent {
  readonly resent: number;
}

/** How connections ended that were closed with one code. */
export interface Disconnects {
  readonly clean: number;
  readonly abnormal: number;
}
