import { readHeader } from "./msgpack-bounds.ts";

/** MessagePack bytes of a text of up to 31 bytes, to look for (spec: fixstr is 0xa0 and the length). */
function shortText(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return Uint8Array.from([0xa0 | bytes.length, ...bytes]);
}

/**
 * The MessagePack bytes of one field of a map, without decoding the rest of it: a decoder gives a
 * whole frame up for one key that it does not take. `undefined` when there is no such field.
 *
 * @param bytes bounded MessagePack, as `isBoundedMsgpack` says.
 * @param name at most 31 bytes in UTF-8.
 */
export function msgpackField(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Uint8Array<ArrayBuffer> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const map = readHeader(view, 0);
  if (map === undefined || !isMap(view.getUint8(0))) return undefined;
  const wanted = shortText(name);
  let at = map.bytes;
  for (let pair = 0; pair < map.items / 2; pair += 1) {
    const valueAt = endOf(view, at);
    const end = endOf(view, valueAt);
    if (isSame(bytes.subarray(at, valueAt), wanted)) return bytes.subarray(valueAt, end);
    at = end;
  }
  return undefined;
}

/** Spec: fixmap is 0x80 to 0x8f, map 16 and map 32 are 0xde and 0xdf. */
function isMap(byte: number): boolean {
  return (byte >= 0x80 && byte <= 0x8f) || byte === 0xde || byte === 0xdf;
}

/** Where the item that begins at an offset ends, all that is in it included. */
function endOf(view: DataView, from: number): number {
  let at = from;
  for (let items = 1; items > 0; items -= 1) {
    const header = readHeader(view, at);
    if (header === undefined) return view.byteLength;
    at += header.bytes;
    items += header.items;
  }
  return at;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
