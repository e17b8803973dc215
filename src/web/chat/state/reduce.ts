import type { MessagePage, Permission } from "../../../client/index.ts";
import type { Connection, Problem } from "../../connection/connection.ts";
import { applyChange } from "./change.ts";
import { mergeEntries } from "./entry.ts";
import { type RoomFrame, takeFrame } from "./frame.ts";
import { type Outgoing, withDelivery, without } from "./outgoing.ts";
import { authors, learnNames } from "./people.ts";
import { advance } from "./receipts.ts";
import type { ChatState, PendingChange, Rights } from "./state.ts";

/** Everything that can happen to the page's picture of its room. */
export type Action =
  | { readonly type: "frame"; readonly frame: RoomFrame }
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "granted"; readonly permissions: readonly Permission[] }
  | { readonly type: "written"; readonly message: Outgoing }
  | { readonly type: "stored"; readonly messageId: string; readonly savedId: number }
  | { readonly type: "refused"; readonly messageId: string; readonly problem: Problem }
  | { readonly type: "retried"; readonly messageId: string }
  | { readonly type: "discarded"; readonly messageId: string }
  | { readonly type: "changes"; readonly changes: ReadonlyMap<number, PendingChange> }
  | { readonly type: "read"; readonly upTo: number }
  | { readonly type: "older_asked" }
  | { readonly type: "older_came"; readonly before: number; readonly page: MessagePage }
  | { readonly type: "older_failed"; readonly problem: Problem }
  | { readonly type: "trimmed" }
  | { readonly type: "problem"; readonly problem: Problem | undefined };

/** The picture after it happened. */
export function reduce(state: ChatState, action: Action): ChatState {
  switch (action.type) {
    case "frame":
      return takeFrame(state, action.frame);
    case "connection":
      return takeConnection(state, action.connection);
    case "granted":
      return { ...state, rights: rightsOf(action.permissions) };
    case "written":
      // Whoever answers has caught up.
      return { ...state, outgoing: [...state.outgoing, action.message], leftOffAt: undefined };
    case "stored":
      return { ...state, outgoing: settle(state, action.messageId, action.savedId) };
    case "refused": {
      const delivery = { state: "failed", problem: action.problem } as const;
      return { ...state, outgoing: withDelivery(state.outgoing, action.messageId, delivery) };
    }
    case "retried":
      return { ...state, outgoing: requeue(state.outgoing, action.messageId) };
    case "discarded":
      return { ...state, outgoing: without(state.outgoing, action.messageId) };
    case "changes":
      return { ...state, changes: action.changes };
    case "read":
      return { ...state, reads: advance(state.reads, state.me, action.upTo) };
    case "older_asked":
      return { ...state, older: { state: "loading", late: [] } };
    case "older_came":
      return takePage(state, action.before, action.page);
    case "older_failed":
      return state.older.state === "loading"
        ? { ...state, older: { state: "more" }, problem: action.problem }
        : state;
    case "trimmed":
      return trim(state);
    case "problem":
      return { ...state, problem: action.problem };
  }
}

function takeConnection(state: ChatState, connection: Connection): ChatState {
  const refusal = connection.state === "reconnecting" ? connection.refusal : undefined;
  // What the server said before it ended the connection is told as the reason for that, and once.
  const problem = refusal?.message === state.problem?.message ? undefined : state.problem;
  const taken = { ...state, connection, problem };
  // Who is here cannot be known from outside.
  return connection.state === "closed" ? { ...taken, users: [], typists: [] } : taken;
}

function rightsOf(permissions: readonly Permission[]): Rights {
  return {
    mayWrite: permissions.includes("write"),
    mayModerate: permissions.includes("moderate"),
  };
}

/** A message that is stored waits for its own frame, unless that one has come already. */
function settle(state: ChatState, messageId: string, savedId: number): readonly Outgoing[] {
  return savedId <= state.head
    ? without(state.outgoing, messageId)
    : withDelivery(state.outgoing, messageId, { state: "sent", savedId });
}

/** Tried again, it is sent after what already waits. */
function requeue(outgoing: readonly Outgoing[], messageId: string): readonly Outgoing[] {
  const message = outgoing.find((candidate) => candidate.messageId === messageId);
  if (message === undefined) return outgoing;
  return [...without(outgoing, messageId), { ...message, delivery: { state: "waiting" } }];
}

/** More lines than this make every change slow to show; then this many of the newest stay. */
const LINES_MAX = 500;
const LINES_KEPT = 250;

/** Lets go of the oldest entries when there are many; they can be loaded again. */
function trim(state: ChatState): ChatState {
  if (state.entries.length <= LINES_MAX || state.older.state === "loading") return state;
  return { ...state, entries: state.entries.slice(-LINES_KEPT), older: { state: "more" } };
}

/**
 * Joins older history. Changes that came while it was on its way are applied again if they are
 * newer than the page. A page that does not end where the entries at hand begin, or is of another
 * life of the log, is dropped.
 */
function takePage(state: ChatState, before: number, page: MessagePage): ChatState {
  const { older } = state;
  if (older.state !== "loading") return state;
  const fits = page.epoch === state.epoch && before === state.entries[0]?.seq;
  if (!fits) return { ...state, older: { state: "more" } };
  const newer = older.late.filter((frame) => (frame.seq ?? 0) > page.seq);
  return {
    ...state,
    entries: newer.reduce(applyChange, mergeEntries(state.entries, page.messages)),
    older: { state: page.hasMore ? "more" : "complete" },
    names: learnNames(learnNames(state.names, authors(page.messages)), state.users),
  };
}
