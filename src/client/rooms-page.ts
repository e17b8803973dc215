import type { Refusal } from "../protocol/error.ts";
import { decodeRoomsCursor, writeRoomsCursor } from "../protocol/rooms-cursor-text.ts";
import type { Cursor } from "./address.ts";
import { readFrame } from "./frame-reader.ts";
import { field } from "./frame-shape.ts";
import { refusalIn } from "./http.ts";
import type { PollMember } from "./poll-member.ts";
import type { PollPage } from "./poll-page.ts";

/** What a poll of many rooms came to for one of them (P20.8). */
export type RoomPage =
  | { readonly ok: true; readonly page: PollPage }
  | { readonly ok: false; readonly refusal: Refusal };

/** Of a poll of many rooms, from where they stand, that waits for so many seconds. */
export function roomsPollUrl(members: readonly PollMember[], wait: number): string {
  const cursors = new Map<string, Cursor>();
  for (const { room, cursor } of members) {
    // Of two who read one room, the one who is behind: the other knows what it has had.
    const other = cursors.get(room);
    if (other === undefined || cursor.seq < other.seq) cursors.set(room, cursor);
  }
  const rooms = [...cursors.keys()].sort().join(",");
  const query = { rooms, cursor: writeRoomsCursor(cursors), wait };
  return members[0]?.reading.address.http("poll", query) ?? "";
}

/** Reads the answer to one, room by room; `undefined` when it is none. */
export function readRoomsPage(body: unknown): ReadonlyMap<string, RoomPage> | undefined {
  const events = field(body, "events");
  const places = placesIn(field(body, "cursor"));
  if (!Array.isArray(events) || places === undefined) return undefined;
  const unrecovered = field(body, "unrecovered");
  const pages = new Map<string, RoomPage>();
  for (const [room, epoch, seq] of places) {
    const frames = events
      .filter((event) => field(event, "room") === room)
      .flatMap((event) => readFrame(event));
    const recovered = !(Array.isArray(unrecovered) && unrecovered.includes(room));
    const [last, state] = ["last", "state"].map((name) => field(field(body, name), room));
    pages.set(room, { ok: true, page: { frames, cursor: { seq, epoch }, recovered, last, state } });
  }
  for (const [room, why] of Object.entries(field(body, "left") ?? {})) {
    const refusal = refusalIn(why);
    if (refusal !== undefined) pages.set(room, { ok: false, refusal });
  }
  return pages;
}

/** Room, epoch and `seq`, as a cursor over rooms has them. */
type Place = readonly [room: string, epoch: string, seq: number];

function placesIn(cursor: unknown): readonly Place[] | undefined {
  if (typeof cursor !== "string") return undefined;
  try {
    const places = decodeRoomsCursor(cursor);
    return Array.isArray(places) && places.every(isPlace) ? places : undefined;
  } catch {
    return undefined;
  }
}

function isPlace(value: unknown): value is Place {
  if (!Array.isArray(value)) return false;
  const [room, epoch, seq]: readonly unknown[] = value;
  return typeof room === "string" && typeof epoch === "string" && typeof seq === "number";
}
