import type { PolledKind } from "./polled-kind.ts";

/** Nothing of a game is told to whoever polls, and its greeting has nothing of one: whoever plays is told so. */
export const POLLED_GAME: PolledKind = {
  begin: async () => ({ cursor: { seq: 0, epoch: "" }, fields: { history: [] } }),
  resume: async (_, { cursor }) => ({ cursor, fields: { history: [] } }),
};
