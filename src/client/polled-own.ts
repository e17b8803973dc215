import { readFrame } from "./frame-reader.ts";
import type { PollPage } from "./poll-page.ts";
import { usersOf } from "./polled-chat.ts";
import type { PolledKind } from "./polled-kind.ts";
import { poll } from "./polling.ts";

/**
 * A room of a team's own kind tells its state with every page: so nothing is folded here, and what is
 * not known yet comes with the next page.
 */
export const POLLED_OWN: PolledKind = {
  begin: async (reading) => {
    const [{ cursor, state }, users] = await Promise.all([
      poll(reading, undefined, 0),
      usersOf(reading),
    ]);
    return { cursor, fields: { users, history: [], state } };
  },
  resume: async (reading, page) => {
    const users = await usersOf(reading);
    // A page that ends before the head has no state: the pages after it tell it.
    const state = page.state ?? (await poll(reading, undefined, 0)).state;
    return { cursor: page.cursor, fields: { users, history: [], state } };
  },
  news: ({ state, cursor: { seq } }: PollPage, _, timestamp) =>
    state === undefined ? [] : readFrame({ type: "state", timestamp, payload: { state, seq } }),
};
