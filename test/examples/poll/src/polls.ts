import { kind, refuse } from "hibiki";
import { poll } from "./poll";

/** How long a poll is open, in milliseconds. */
const OPEN_MS = 60_000;

type Votes = Readonly<Record<string, string>>;

/** The rules of polls: one vote a person, for what is offered, while it is open. */
export const polls = kind(poll, {
  before: {
    opened({ now, tx }) {
      tx.schedule("deadline", now + OPEN_MS, {});
    },
    vote({ data, state }) {
      if (state.question === null) return refuse("closed", "The poll is over.", { status: 410 });
      if (!state.options.includes(data.option)) {
        return refuse("no_such_option", `Choose one of ${state.options.join(", ")}.`);
      }
      return data;
    },
    closed({ tx }) {
      tx.cancel("deadline");
    },
  },
  timers: {
    deadline({ state, tx }) {
      tx.append("closed", { winner: winnerOf(state.votes) });
    },
  },
  queries: { tally: ({ state }) => tally(state.votes) },
});

function tally(votes: Votes): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const option of Object.values(votes)) counts[option] = (counts[option] ?? 0) + 1;
  return counts;
}

/** `null` when nobody voted. */
function winnerOf(votes: Votes): string | null {
  const [first] = Object.entries(tally(votes)).sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}
