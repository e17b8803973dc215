import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A row of the log as it lies on the disk. */
export interface StoredEvent {
  readonly seq: number;
  readonly type: string;
  /** When it was stored by the server's clock, milliseconds since the epoch. */
  readonly at: number;
  readonly userId: string;
  readonly messageId: string;
  readonly payload: string;
}

/** A room as it lies on the disk of a server that is not running. */
export interface StoredRoom {
  readonly name: string;
  readonly events: readonly StoredEvent[];
  /** Notices that wait for their inbox. */
  readonly outbox: number;
  /** What SQLite says of the file: `ok` when it is whole. */
  readonly integrity: string;
}

/** Reads every room of a data folder, by name. Opening a file also does what is left of its WAL. */
export function storedRooms(folder: string): ReadonlyMap<string, StoredRoom> {
  const rooms = new Map<string, StoredRoom>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(folder, file));
    try {
      const room = readRoom(database);
      if (room !== undefined) rooms.set(room.name, room);
    } finally {
      database.close();
    }
  }
  return rooms;
}

/** Reads a room out of its database; `undefined` when it is another object's. */
export function readRoom(database: DatabaseSync): StoredRoom | undefined {
  const one = (statement: string) => database.prepare(statement).get() as Row | undefined;
  if (one("SELECT name FROM sqlite_master WHERE name = 'log'") === undefined) return undefined;
  const events = database
    .prepare("SELECT seq, type, at, user_id, message_id, payload FROM log ORDER BY seq")
    .all() as Row[];
  return {
    name: String(one("SELECT value FROM meta WHERE key = 'name'")?.["value"]),
    events: events.map((row) => ({
      seq: Number(row["seq"]),
      type: String(row["type"]),
      at: Number(row["at"]),
      userId: String(row["user_id"]),
      messageId: String(row["message_id"]),
      payload: String(row["payload"]),
    })),
    outbox: Number(one("SELECT COUNT(*) AS count FROM outbox")?.["count"]),
    integrity: String(one("PRAGMA integrity_check")?.["integrity_check"]),
  };
}

type Row = Readonly<Record<string, unknown>>;
