import { recentNames, rememberName } from "../identity/recent-names.ts";
import type { KeyValues } from "../identity/storage.ts";
import { LOBBY } from "./room-path.ts";

const KEY = "hibiki.rooms";

/** The room one is in, those visited on this device, and always the lobby, by name. */
export function recentRooms(storage: KeyValues, room: string): readonly string[] {
  return [...new Set([room, ...recentNames(storage, KEY), LOBBY])].sort();
}

/** Puts a room on the list. */
export function rememberRoom(storage: KeyValues, room: string): void {
  rememberName(storage, KEY, room);
}
