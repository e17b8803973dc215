import { JSON_SUBPROTOCOL } from "../protocol/subprotocol-name.ts";

/** How this client's frames look on the wire of a WebSocket. */
export type ClientWire = "json" | "msgpack";

/** A frame as it goes out. */
export type Encoded = string | Uint8Array<ArrayBuffer>;

/** Writes frames for a WebSocket, and reads what comes back. */
export interface WireCodec {
  /** The name to ask for, and to be understood by. */
  readonly subprotocol: string;
  encode(frame: object): Encoded;
  /** @throws when it is not what this wire speaks, or nothing that comes over a socket. */
  decode(data: unknown): unknown;
}

/** JSON in text frames. */
export const JSON_CODEC: WireCodec = {
  subprotocol: JSON_SUBPROTOCOL,
  encode: (frame) => JSON.stringify(frame),
  // Bytes as text are the name of their type in brackets, which is no JSON.
  decode: (data) => JSON.parse(String(data)),
};

/** How much an encoded frame weighs. */
export function bytesOf(encoded: Encoded): number {
  return typeof encoded === "string" ? new TextEncoder().encode(encoded).length : encoded.length;
}
