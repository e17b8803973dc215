import { toBase64Url } from "./base64url.ts";
import type { Cursor } from "./cursor.ts";

/** Where a reader of many rooms stands in each, by room name. It carries no right: who reads is asked anew. */
export type RoomsCursor = ReadonlyMap<string, Cursor>;

/** Writes a cursor over many rooms as opaque text, fit for a header and a query (P20.9, RFC 4648 §5). */
export function writeRoomsCursor(cursors: RoomsCursor): string {
  const places = [...cursors].map(([room, { epoch, seq }]) => [room, epoch, seq]);
  return toBase64Url(new TextEncoder().encode(JSON.stringify(places)));
}

/**
 * What stands in a text of {@link writeRoomsCursor}, unchecked.
 *
 * @throws when it is no such text.
 */
export function decodeRoomsCursor(text: string): unknown {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
