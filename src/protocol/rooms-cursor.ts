import * as z from "zod";
import { toBase64Url } from "./base64url.ts";
import { type Cursor, cursorSchema } from "./cursor.ts";
import { GATEWAY_BOUNDS } from "./gateway-limits.ts";

const roomsSchema = z
  .array(z.tuple([z.string(), cursorSchema.shape.epoch, cursorSchema.shape.seq]))
  .max(GATEWAY_BOUNDS.rooms);

/** Where a reader of many rooms stands in each, by room name. It carries no right: who reads is asked anew. */
export type RoomsCursor = ReadonlyMap<string, Cursor>;

/** Writes a cursor over many rooms as opaque text, fit for a header and a query (RFC 4648 §5). */
export function writeRoomsCursor(cursors: RoomsCursor): string {
  const places = [...cursors].map(([room, { epoch, seq }]) => [room, epoch, seq]);
  const bytes = new TextEncoder().encode(JSON.stringify(places));
  return toBase64Url(bytes);
}

/** Reads what {@link writeRoomsCursor} wrote; `undefined` for anything else. */
export function readRoomsCursor(text: string): RoomsCursor | undefined {
  if (text.length > GATEWAY_BOUNDS.cursorChars) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const places = roomsSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return new Map(places.map(([room, epoch, seq]) => [room, { epoch, seq }]));
  } catch {
    return undefined;
  }
}
