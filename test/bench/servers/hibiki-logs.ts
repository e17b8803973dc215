import { cpSync } from "node:fs";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { startHibiki } from "./hibiki.ts";
import { type Seed, seededFolder } from "./seeded-room.ts";
import type { Running, Server } from "./server.ts";

/** Hibiki with a log in its room. */
export interface Logged extends Server {
  readonly seed: Seed;
}

/** Who comes in gets 50 messages of it. */
function withLog(name: string, marks: string, seed: Seed): Logged {
  return {
    name,
    marks,
    seed,
    isOurs: true,
    start: (bundle) => startWith(seed, "history=50", bundle),
  };
}

/**
 * The same for loads that send. Messages are ticked off, and seeded ones would count as theirs; and
 * each run has a copy of the log, for what the last one sent would be a repeat in the next.
 */
export function writtenTo(logged: Logged): Server {
  return {
    ...logged,
    start: async (bundle) => {
      const folder = temporaryFolder();
      cpSync(await seededFolder(logged.seed, bundle), folder, { recursive: true });
      return startHibiki({ wire: "json", query: "history=0", bundle, folder });
    },
  };
}

async function startWith(seed: Seed, query: string, bundle?: string): Promise<Running> {
  return startHibiki({ wire: "json", query, bundle, folder: await seededFolder(seed, bundle) });
}

/** A short log. */
export const thousandInLog: Logged = withLog("hibiki-1k-log", "1,000 messages in the log", {
  messages: 1_000,
});
/** A long log. */
export const millionInLog: Logged = withLog("hibiki-1m-log", "1,000,000 messages in the log", {
  messages: 1_000_000,
});
/** A short log under a long one of reactions. */
export const reactionsInLog: Logged = withLog(
  "hibiki-1m-reactions",
  "1,000 messages in the log, then 1,000,000 reactions",
  { messages: 1_000, reactions: 1_000_000 },
);
/** Much that came lately, all of whose keys the room has to know. */
export const muchLately: Logged = withLog(
  "hibiki-150k-lately",
  "150,000 messages of the last minute in the log",
  { messages: 150_000, isRecent: true },
);
