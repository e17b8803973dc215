import { contract, server } from "hibiki";
import * as z from "zod";

/** What both ends of a poll know: its state is its votes, folded one after the other. */
export const poll = contract("poll", {
  events: {
    opened: server(z.object({ question: z.string(), options: z.array(z.string()).min(2) })),
    vote: z.object({ option: z.string() }),
    closed: server(z.object({ winner: z.string().nullable() })),
  },
  signals: { hover: z.object({ option: z.string() }) },
  state: z.object({
    question: z.string().nullable(),
    options: z.array(z.string()),
    votes: z.record(z.string(), z.string()),
    winner: z.string().nullable(),
  }),
  initial: { question: null, options: [], votes: {}, winner: null },
  apply: {
    opened: (_, { data }) => ({ ...data, votes: {}, winner: null }),
    vote: (state, { data, actorId }) => ({
      ...state,
      votes: { ...state.votes, [actorId]: data.option },
    }),
    closed: (state, { data }) => ({ ...state, question: null, winner: data.winner }),
  },
  queries: {
    tally: { input: z.object({}), output: z.record(z.string(), z.number()) },
  },
  timers: { deadline: z.object({}) },
  errors: ["closed", "no_such_option"],
});
