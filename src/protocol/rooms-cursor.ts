import * as z from "zod";
import { cursorSchema } from "./cursor.ts";
import { GATEWAY_BOUNDS } from "./gateway-limits.ts";
import { decodeRoomsCursor, type RoomsCursor } from "./rooms-cursor-text.ts";

const roomsSchema = z
  .array(z.tuple([z.string(), cursorSchema.shape.epoch, cursorSchema.shape.seq]))
  .max(GATEWAY_BOUNDS.rooms);

/** Reads what `writeRoomsCursor` wrote; `undefined` for anything else. */
export function readRoomsCursor(text: string): RoomsCursor | undefined {
  if (text.length > GATEWAY_BOUNDS.cursorChars) return undefined;
  try {
    const places = roomsSchema.parse(decodeRoomsCursor(text));
    return new Map(places.map(([room, epoch, seq]) => [room, { epoch, seq }]));
  } catch {
    return undefined;
  }
}
