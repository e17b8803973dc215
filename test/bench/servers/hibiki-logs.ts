import { startHibiki } from "./hibiki.ts";
import { type Seed, seededFolder } from "./seeded-room.ts";
import type { Server } from "./server.ts";

/** Hibiki with such a log in its room. */
function withLog(name: string, marks: string, seed: Seed): Server {
  return {
    name,
    marks,
    start: async () =>
      startHibiki({ wire: "json", query: "history=50", folder: await seededFolder(seed) }),
  };
}

/** A short log. */
export const thousandInLog: Server = withLog("hibiki-1k-log", "1,000 messages in the log", {
  messages: 1_000,
});
/** A long log. */
export const millionInLog: Server = withLog("hibiki-1m-log", "1,000,000 messages in the log", {
  messages: 1_000_000,
});
/** A short log under a long one of reactions. */
export const reactionsInLog: Server = withLog(
  "hibiki-1m-reactions",
  "1,000 messages in the log, then 1,000,000 reactions",
  { messages: 1_000, reactions: 1_000_000 },
);
/** Much that came lately, all of whose keys the room has to know. */
export const muchLately: Server = withLog(
  "hibiki-150k-lately",
  "150,000 messages of the last minute in the log",
  { messages: 150_000, isRecent: true },
);
