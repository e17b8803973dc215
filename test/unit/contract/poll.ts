import * as z from "zod";
import {
  contract,
  kind,
  refuse,
  type StandardSchemaV1,
  server,
} from "../../../src/contract/index.ts";

/** A validator of nobody's library: a positive number as text in, the number out. */
export const amount: StandardSchemaV1<string, number> = {
  "~standard": {
    version: 1,
    vendor: "by hand",
    validate: (value) =>
      Number(value) > 0 ? { value: Number(value) } : { issues: [{ message: "must be positive" }] },
  },
};

/** The contract of a poll, and a little more than that needs. */
export const poll = contract("poll", {
  version: 2,
  events: {
    vote: z.object({ option: z.string() }),
    paid: amount,
    closed: server(z.object({ winner: z.string() })),
  },
  signals: { hover: z.object({ option: z.string() }) },
  state: z.object({ open: z.boolean(), votes: z.record(z.string(), z.string()) }),
  initial: { open: true, votes: {} },
  apply: {
    vote: (state, { data, actorId }) => ({
      ...state,
      votes: { ...state.votes, [actorId]: data.option },
    }),
    closed: (state) => ({ ...state, open: false }),
  },
  member: z.object({ role: z.enum(["owner", "voter"]) }),
  presence: z.object({ color: z.string() }),
  queries: { tally: { input: z.object({}), output: z.record(z.string(), z.number()) } },
  timers: { deadline: z.object({ asked: z.string() }) },
  errors: ["closed", "not_a_member"],
  migrate: { 1: { vote: (old) => ({ option: old.choice }) } },
});

/** Its rules. */
export const polls = kind(poll, {
  async authorize({ grants }) {
    if (grants.length === 0) return refuse("not_a_member");
    return { can: ["read", "write"], for: "5m", member: { role: "voter" } };
  },
  before: {
    vote({ data, state, now, tx }) {
      if (!state.open) return refuse("closed", "The poll is over.");
      tx.schedule("deadline", now + 60_000, { asked: data.option });
      return data;
    },
  },
  timers: {
    deadline({ data, tx }) {
      tx.append("closed", { winner: data.asked });
    },
  },
  after: {
    async closed({ data, key, room }) {
      await room.send("closed", { winner: data.winner }, { key });
    },
  },
  queries: {
    tally: ({ state }) => {
      const tally: Record<string, number> = {};
      for (const option of Object.values(state.votes)) tally[option] = (tally[option] ?? 0) + 1;
      return tally;
    },
  },
});
