import type { KeyValues } from "../identity/storage.ts";
import { LOBBY } from "./room-path.ts";

const KEY = "hibiki.rooms";
/** More than this and the list stops being a help. */
const KEPT = 8;

/** The room one is in, those visited on this device, and always the lobby, by name. */
export function recentRooms(storage: KeyValues, room: string): readonly string[] {
  return [...new Set([room, ...read(storage), LOBBY])].sort();
}

/** Puts a room on the list. */
export function rememberRoom(storage: KeyValues, room: string): void {
  const rooms = read(storage);
  const next = rooms.includes(room) ? rooms : [room, ...rooms].slice(0, KEPT);
  storage.setItem(KEY, JSON.stringify(next));
}

function read(storage: KeyValues): readonly string[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((room) => typeof room === "string") : [];
  } catch {
    return [];
  }
}
