import { LOBBY } from "./room-path.ts";

const KEY = "hibiki.rooms";
/** More than this and the list stops being a help. */
const KEPT = 8;

/** Rooms visited on this device, latest first; the lobby is always among them. */
export function recentRooms(storage: Storage): readonly string[] {
  const rooms = read(storage);
  return rooms.includes(LOBBY) ? rooms : [...rooms, LOBBY];
}

/** The list after a visit. */
export function rememberRoom(storage: Storage, room: string): readonly string[] {
  const rooms = read(storage);
  const next = rooms.includes(room) ? rooms : [room, ...rooms].slice(0, KEPT);
  storage.setItem(KEY, JSON.stringify(next));
  return recentRooms(storage);
}

function read(storage: Storage): readonly string[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((room) => typeof room === "string") : [];
  } catch {
    return [];
  }
}
