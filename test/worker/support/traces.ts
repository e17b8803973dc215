import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** What a room has in its storage, whoever made it: the platform's own tables too, and the alarm. */
export interface Traces {
  readonly tables: readonly string[];
  readonly alarm: number | null;
}

/** A room that has nothing. */
export const NO_TRACES: Traces = { tables: [], alarm: null };

/** Looks at a room's storage from inside. */
export function tracesOf(room: string): Promise<Traces> {
  return runInDurableObject(env.ROOM.getByName(room), async (_, { storage }) => ({
    tables: storage.sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map(({ name }) => String(name)),
    alarm: await storage.getAlarm(),
  }));
}
