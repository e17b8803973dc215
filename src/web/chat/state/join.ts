import type { JoinedRoom } from "../../../client/index.ts";
import type { Entry } from "./entry.ts";
import type { Outgoing } from "./outgoing.ts";
import { authors, learnNames } from "./people.ts";
import type { ChatState } from "./state.ts";

/**
 * The room after (re)joining it. When the events missed do not follow, what was at hand may be
 * stale or have a gap, so the given history takes its place.
 */
export function joinRoom(state: ChatState, joined: JoinedRoom): ChatState {
  const present: ChatState = {
    ...state,
    me: joined.userId,
    epoch: joined.epoch,
    users: joined.users,
    reads: new Map(Object.entries(joined.reads)),
    leftOffAt: leftOffAt(state, joined),
    typists: [],
    names: learnNames(learnNames(state.names, authors(joined.history)), joined.users),
    contentChars: joined.limits.contentChars,
    problem: undefined,
  };
  if (joined.recovered) return present;
  return {
    ...present,
    head: joined.seq,
    entries: joined.history,
    older: { state: (joined.history[0]?.seq ?? 1) > 1 ? "more" : "complete" },
    outgoing: unsettled(state.outgoing, joined.history),
  };
}

/** Kept while it is the same person in the same log: another one has its own. */
function leftOffAt(state: ChatState, { userId, epoch, recovered, reads }: JoinedRoom) {
  const goesOn = state.me === userId && (recovered || state.epoch === epoch);
  return goesOn ? state.leftOffAt : reads[userId];
}

/** What is stored is in the history or older than it; either way it has left the outbox. */
function unsettled(outgoing: readonly Outgoing[], history: readonly Entry[]): readonly Outgoing[] {
  const stored = new Set(history.map((entry) => entry.messageId));
  return outgoing.filter(
    ({ messageId, delivery }) => delivery.state !== "sent" && !stored.has(messageId),
  );
}
