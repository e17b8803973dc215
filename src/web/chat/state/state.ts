import type { User } from "../../../client/index.ts";
import type { Connection, Problem } from "../../connection/connection.ts";
import type { ChangeFrame } from "./change.ts";
import type { Entry } from "./entry.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Reads } from "./receipts.ts";

/** Everything the chat page knows about its room. */
export interface ChatState {
  readonly roomId: string;
  /** One's own user id; empty until the room answered. */
  readonly me: string;
  readonly rights: Rights;
  readonly epoch: string;
  /** Seq of the last event that was taken in. */
  readonly head: number;
  /** Messages and what is left of them, ordered by seq. */
  readonly entries: readonly Entry[];
  readonly older: Older;
  readonly outgoing: readonly Outgoing[];
  /** Edits and deletions on their way, by the message's seq. */
  readonly changes: ReadonlyMap<number, PendingChange>;
  readonly users: readonly User[];
  /** Names by user id, of whoever was seen here. */
  readonly names: ReadonlyMap<string, string>;
  readonly reads: Reads;
  /** Seq up to which one had read when one came; `undefined` on a first visit, or once one writes. */
  readonly leftOffAt: number | undefined;
  readonly typists: readonly User[];
  readonly connection: Connection;
  readonly contentChars: number;
  /** What was refused last and has not been dismissed. */
  readonly problem: Problem | undefined;
}

/** What one's token says that one may do here. */
export interface Rights {
  /** Send messages, react to them, and change one's own. */
  readonly mayWrite: boolean;
  /** Delete what others wrote. */
  readonly mayModerate: boolean;
}

/** What of the past is not at hand. `loading` keeps changes that the page under way may predate. */
export type Older =
  | { readonly state: "more" }
  | { readonly state: "loading"; readonly late: readonly ChangeFrame[] }
  | { readonly state: "complete" };

/** A change of a message that the room has not confirmed. */
export type PendingChange = "edit" | "delete";

/** The server's default; `joined_room` says what holds. */
const CONTENT_CHARS = 4_000;

/** Most may write: a field that goes away is better than one that comes late. */
const UNKNOWN_RIGHTS: Rights = { mayWrite: true, mayModerate: false };

/** A room before its first word. */
export function initialState(roomId: string): ChatState {
  return {
    roomId,
    me: "",
    rights: UNKNOWN_RIGHTS,
    epoch: "",
    head: 0,
    entries: [],
    older: { state: "complete" },
    outgoing: [],
    changes: new Map(),
    users: [],
    names: new Map(),
    reads: new Map(),
    leftOffAt: undefined,
    typists: [],
    connection: { state: "connecting" },
    contentChars: CONTENT_CHARS,
    problem: undefined,
  };
}
