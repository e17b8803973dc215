import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** What an object has in its storage, whoever made it: the platform's own tables too, and the alarm. */
export interface Traces {
  readonly tables: readonly string[];
  readonly alarm: number | null;
}

/** An object that has nothing. */
export const NO_TRACES: Traces = { tables: [], alarm: null };

/** Looks at a room's storage from inside. */
export function tracesOf(room: string): Promise<Traces> {
  return tracesIn(env.ROOM.getByName(room));
}

/** Counts the rows that a room writes from now on. */
export function countWrites(room: string): Promise<() => number> {
  return countWritesIn(env.ROOM.getByName(room));
}

/** As {@link tracesOf}, of any object. */
export function tracesIn(stub: DurableObjectStub): Promise<Traces> {
  return runInDurableObject(stub, async (_, { storage }) => ({
    tables: storage.sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map(({ name }) => String(name)),
    alarm: await storage.getAlarm(),
  }));
}

/** As {@link countWrites}, of any object. */
export async function countWritesIn(stub: DurableObjectStub): Promise<() => number> {
  let written = 0;
  await runInDurableObject(stub, (_, { storage }) => {
    const exec = storage.sql.exec.bind(storage.sql);
    storage.sql.exec = ((...args: Parameters<typeof exec>) => {
      const cursor = exec(...args);
      written += cursor.rowsWritten;
      return cursor;
    }) as typeof exec;
  });
  return () => written;
}
