import { MARK_BEGINNING } from "./client-frame.ts";
import { encodeMsgpack } from "./msgpack.ts";

/** How a mark goes on behind its first byte, which says how many fields it has. */
const MSGPACK_BEGINNING = encodeMsgpack({ type: "mark" }).subarray(1);

/** Whether a message of a room is a mark (P3.11): a room sends it alone, and says its type first. */
export function isWrittenMark(message: string | ArrayBuffer): boolean {
  if (typeof message === "string") return message.startsWith(MARK_BEGINNING);
  const beginning = new Uint8Array(message, 0, Math.min(message.byteLength, 16)).subarray(1);
  return MSGPACK_BEGINNING.every((byte, at) => beginning[at] === byte);
}
