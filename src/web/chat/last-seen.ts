import { isRecord } from "../identity/identity.ts";
import type { KeyValues } from "../identity/storage.ts";

const KEY = "hibiki.seen";
/** Rooms that are remembered; the list of recent ones is no longer. */
const KEPT = 12;

/** How far someone has read in a room, and in which life of its log. */
export interface LastSeen {
  readonly epoch: string;
  readonly seq: number;
}

/** How far this person has read on this device, by room, the latest last. */
export function lastSeen(storage: KeyValues, userId: string): ReadonlyMap<string, LastSeen> {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    if (!isRecord(value) || value["userId"] !== userId || !Array.isArray(value["rooms"])) {
      return new Map();
    }
    return new Map(value["rooms"].filter(isVisit));
  } catch {
    return new Map();
  }
}

/** Remembers how far this person has read in a room; what others had read here is forgotten. */
export function rememberSeen(
  storage: KeyValues,
  userId: string,
  room: string,
  seen: LastSeen,
): void {
  const rooms = [...lastSeen(storage, userId)].filter(([name]) => name !== room);
  const kept = [...rooms, [room, seen] as const].slice(-KEPT);
  storage.setItem(KEY, JSON.stringify({ userId, rooms: kept }));
}

/** A list, for an object would put rooms that are called by a number first. */
function isVisit(value: unknown): value is readonly [string, LastSeen] {
  return Array.isArray(value) && typeof value[0] === "string" && isSeen(value[1]);
}

function isSeen(value: unknown): value is LastSeen {
  return isRecord(value) && typeof value["epoch"] === "string" && typeof value["seq"] === "number";
}
