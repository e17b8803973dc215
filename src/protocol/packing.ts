import type { EncodedFrame } from "./encoded-frame.ts";
import { encodeMsgpack } from "./msgpack.ts";

/** What is handed to one socket's `send`. */
export type WireMessage = string | Uint8Array<ArrayBuffer>;

/** How frames stand next to each other in a batch, on one wire. */
export interface Packing<Body extends WireMessage> {
  encode(frame: EncodedFrame): Body;
  /** Puts frames next to each other. */
  join(parts: readonly Body[]): Body;
  /** How much stands between two of them. */
  readonly gap: number;
  slice(body: Body, from: number, to: number): Body;
  /** The batch of pieces that hold so many frames in all. */
  batch(pieces: readonly Body[], count: number, timestamp: string): Body;
}

/** JSON text (P3.5). */
export const JSON_PACKING: Packing<string> = {
  encode: (frame) => frame.json,
  join: (parts) => parts.join(","),
  gap: 1,
  slice: (body, from, to) => body.slice(from, to),
  batch(pieces, _, timestamp) {
    // Put together by `+` and not by `join`, which would copy it all, as sending it does again.
    let text = `{"type":"batch","timestamp":"${timestamp}","payload":[`;
    for (const [index, piece] of pieces.entries()) text += index === 0 ? piece : `,${piece}`;
    return `${text}]}`;
  },
};

/** MessagePack: an array is its header and then its items (spec: array 32 is 0xdd and a uint32). */
export const MSGPACK_PACKING: Packing<Uint8Array<ArrayBuffer>> = {
  encode: (frame) => frame.msgpack,
  join: joinBytes,
  gap: 0,
  slice: (body, from, to) => body.subarray(from, to),
  batch(pieces, count, timestamp) {
    const envelope = encodeMsgpack({ type: "batch", timestamp, payload: null });
    const header = new Uint8Array(5);
    const view = new DataView(header.buffer);
    view.setUint8(0, 0xdd);
    view.setUint32(1, count);
    // The envelope's last byte is the null that the array takes the place of.
    return joinBytes([envelope.subarray(0, -1), header, ...pieces]);
  },
};

function joinBytes(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
