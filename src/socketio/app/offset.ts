import { type Cursor, cursorSchema } from "../../protocol/cursor.ts";
import { roomNameFault } from "../../protocol/room-name.ts";
import { APP_BOUNDS } from "./limits.ts";

/** Where somebody stands in each room that they are in. */
export type Places = ReadonlyMap<string, Cursor>;

/** As much of a socket's id as tells it from the client's one before, which may have left its offset. */
const TAG_CHARS = 8;

/**
 * Where a client stands, as the text that goes with each event: it brings the newest back, and so no
 * server need know it. It gives no right: whoever comes back is held to each room's own rules again.
 */
export function writeOffset(
  sid: string,
  places: Iterable<{ readonly room: string; readonly cursor: Cursor | undefined }>,
): string {
  // It goes with each event to each client: nothing is made here but the text.
  let text = sid.slice(0, TAG_CHARS);
  for (const { room, cursor } of places) {
    if (cursor === undefined) continue;
    const { epoch, seq } = cursor;
    text += `,${encodeURIComponent(room)}/${encodeURIComponent(epoch)}/${seq}`;
  }
  return text;
}

/** What a client of this id brings back; `undefined` when it is another one's, or none of ours. */
export function readOffset(sid: string, offset: unknown): Places | undefined {
  if (typeof offset !== "string" || offset.length > APP_BOUNDS.offsetChars) return undefined;
  const [tag, ...rooms] = offset.split(",");
  if (tag !== sid.slice(0, TAG_CHARS) || rooms.length > APP_BOUNDS.rooms) return undefined;
  const places = new Map<string, Cursor>();
  for (const text of rooms) {
    const place = placeIn(text);
    if (place === undefined) return undefined;
    places.set(...place);
  }
  return places;
}

const PLACE = /^([^/]+)\/([^/]*)\/(\d{1,16})$/;

function placeIn(text: string): [string, Cursor] | undefined {
  const [, room = "", epoch = "", seq] = PLACE.exec(text) ?? [];
  try {
    const name = decodeURIComponent(room);
    const cursor = cursorSchema.parse({ epoch: decodeURIComponent(epoch), seq: Number(seq) });
    return roomNameFault(name) === undefined ? [name, cursor] : undefined;
  } catch {
    return undefined;
  }
}
