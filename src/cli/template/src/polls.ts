import { kind, refuse } from "hibiki";
import { OPTIONS, poll, tally } from "../shared/poll.ts";

/** How long a poll is open from its first vote, in milliseconds. */
export const OPEN_MS = 60 * 60_000;

/** The rules of a poll, which only the server knows. They are pure: what they need is handed to them. */
export const polls = kind(poll, {
  // In the transaction of the vote, before it is stored.
  before: {
    vote({ state, now, tx }) {
      if (state.winner !== undefined) return refuse("closed", "The poll is over.");
      // The timer is stored with the first vote, and goes off whatever happens to the room meanwhile.
      if (Object.keys(state.votes).length === 0) tx.schedule("deadline", now + OPEN_MS, {});
    },
  },
  timers: {
    deadline({ state, tx }) {
      const counts = tally(state.votes);
      const winner = OPTIONS.toSorted((one, other) => counts[other] - counts[one])[0] ?? "nobody";
      tx.append("closed", { winner });
    },
  },
});
