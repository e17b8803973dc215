import { startHibiki } from "./hibiki.ts";
import { seededFolder } from "./seeded-room.ts";
import type { Server } from "./server.ts";

/** Hibiki with so many messages in the room's log. */
function withLog(name: string, count: number): Server {
  return {
    name,
    marks: `${count.toLocaleString("en")} messages in the log`,
    start: async () =>
      startHibiki({ wire: "json", query: "history=50", folder: await seededFolder(count) }),
  };
}

/** A short log. */
export const thousandInLog: Server = withLog("hibiki-1k-log", 1_000);
/** A long log. */
export const millionInLog: Server = withLog("hibiki-1m-log", 1_000_000);
