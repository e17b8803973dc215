import { contract, server } from "hibiki";
import * as z from "zod";

/** What a poll is about. */
export const OPTIONS = ["Ramen", "Soba", "Udon"] as const;

const choice = z.object({ option: z.enum(OPTIONS) });

/** What both ends of a poll know: rooms named `poll:…`. */
export const poll = contract("poll", {
  version: 1,
  // Stored, told to everyone, and folded into the state. server(): clients cannot send it.
  events: {
    vote: choice,
    closed: server(z.object({ winner: z.enum([...OPTIONS, "nobody"]) })),
  },
  // Told and forgotten: what somebody points at.
  signals: { hover: choice },
  state: z.object({
    votes: z.record(z.string(), z.enum(OPTIONS)),
    winner: z.string().optional(),
  }),
  initial: { votes: {} },
  // Pure: the room and every client come to the same state by it.
  apply: {
    vote: (state, { data, actorId }) => ({
      ...state,
      votes: { ...state.votes, [actorId]: data.option },
    }),
    closed: (state, { data }) => ({ ...state, winner: data.winner }),
  },
  timers: { deadline: z.object({}) },
  errors: ["closed"],
});

/** How many votes each option has, by votes. */
export function tally(
  votes: Readonly<Record<string, (typeof OPTIONS)[number]>>,
): Record<(typeof OPTIONS)[number], number> {
  const counts = { Ramen: 0, Soba: 0, Udon: 0 };
  for (const option of Object.values(votes)) counts[option] += 1;
  return counts;
}
