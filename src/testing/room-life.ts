import { frameParser } from "../protocol/client-frame-schema.ts";
import { parseRoomName } from "../protocol/parse-room-name.ts";
import { isLogKind } from "../protocol/room-kind.ts";
import { type RoomLimits, readSettings } from "../protocol/settings.ts";
import { Door } from "../room/door.ts";
import { Room } from "../room/room.ts";
import type { RoomSockets } from "../room/sockets.ts";
import type { Database } from "../storage/database.ts";
import { SqlRoomStore } from "../storage/sql-room-store.ts";

/** What a life of a room begins with. */
export interface Beginning {
  readonly name: string;
  readonly database: Database;
  readonly sockets: RoomSockets;
  readonly limits: RoomLimits;
  /** Names the life, where nothing is stored. */
  readonly newEpoch: () => string;
}

/** What one life of a room has in memory: the real room, its door, and its storage. */
export interface RoomLife {
  readonly store: SqlRoomStore;
  readonly room: Room;
  readonly door: Door;
}

/** Opens the real room on what is stored. */
export function openLife({ name, database, sockets, limits, newEpoch }: Beginning): RoomLife {
  const { kind } = parseRoomName(name);
  if (!isLogKind(kind)) throw new Error(`Rooms of kind "${kind}" have no log.`);
  const store = new SqlRoomStore(database, newEpoch, name);
  const room = new Room({ name, kind }, { store, sockets, limits });
  return { store, room, door: new Door(room, limits, frameParser(kind, limits.contentChars)) };
}

/** The limits by default, but for what `vars` say. */
export function limitsOf(vars: Readonly<Record<string, string>> = {}): RoomLimits {
  const read = readSettings({
    AUTH_SECRET: "a-secret-of-tests-and-of-nothing-else-at-all",
    ...vars,
  });
  if (!read.ok) throw new Error(read.problem);
  return read.settings.limits;
}
