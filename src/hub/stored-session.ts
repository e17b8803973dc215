import * as z from "zod";

/** A room by its type; handlers in JavaScript join numbers too, which stay what they are. */
export const ROOM = z.custom<string>();

// Handlers may change all that is kept of a socket: none of it may keep a hub from waking.
const SESSION = z.object({
  nsp: z.string(),
  sid: z.string(),
  /** Absent where clients cannot recover: the session is kept over sleeps alone. */
  pid: z.string().optional(),
  rooms: z.array(ROOM),
  data: z.unknown().optional(),
  auth: z.record(z.string(), z.unknown()).catch({}),
  /** Milliseconds since the epoch. */
  issuedAt: z.number().catch(0),
});

/** A socket of one namespace, as it is stored. */
export interface StoredSession extends z.infer<typeof SESSION> {
  /** What a client brings to recover it, or its id. */
  readonly key: string;
  /** The connection that it is or was on. */
  readonly connection: string;
}

/** The part of a session that is JSON. */
export function sessionText({ nsp, sid, pid, rooms, data, auth, issuedAt }: StoredSession): string {
  return JSON.stringify({ nsp, sid, pid, rooms, data, auth, issuedAt });
}

/** @throws {z.ZodError} for what {@link sessionText} did not write. */
export function sessionIn(key: string, connection: string, text: string): StoredSession {
  return { key, connection, ...SESSION.parse(JSON.parse(text)) };
}
