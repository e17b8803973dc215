import { decode, encode } from "@msgpack/msgpack";
import { ProtocolError } from "./error.ts";
import { isJson, type Json } from "./json.ts";
import { BOUNDS } from "./limits.ts";
import { isBoundedMsgpack } from "./msgpack-bounds.ts";
import type { Wire } from "./subprotocol.ts";

/** What a WebSocket carries. */
export type Raw = string | ArrayBuffer | Uint8Array<ArrayBuffer>;

/**
 * Reads one frame off the wire into plain JSON of bounded depth.
 *
 * @throws {ProtocolError} `invalid_frame` when it is not what the connection's subprotocol speaks.
 */
export function decodeFrame(wire: Wire, raw: Raw): Json {
  return requireJson(wire === "msgpack" ? readMsgpack(raw) : readText(raw));
}

function readText(raw: Raw): unknown {
  if (typeof raw !== "string") {
    throw new ProtocolError(
      "invalid_frame",
      "This connection speaks JSON in text frames, not binary.",
    );
  }
  try {
    return JSON.parse(raw);
  } catch {
    throw new ProtocolError("invalid_frame", "The frame is not valid JSON.");
  }
}

function readMsgpack(raw: Raw): unknown {
  if (typeof raw === "string") {
    throw new ProtocolError(
      "invalid_frame",
      "This connection speaks MessagePack in binary frames; only the heartbeat is text.",
    );
  }
  const bytes = raw instanceof ArrayBuffer ? new Uint8Array(raw) : raw;
  if (!isBoundedMsgpack(bytes)) {
    throw new ProtocolError(
      "invalid_frame",
      `The frame claims more than it holds, or is more than ${BOUNDS.jsonDepth} levels deep.`,
    );
  }
  try {
    return decode(bytes);
  } catch {
    throw new ProtocolError("invalid_frame", "The frame is not valid MessagePack.");
  }
}

function requireJson(value: unknown): Json {
  if (isJson(value)) return value;
  throw new ProtocolError(
    "invalid_frame",
    `A frame holds JSON values only: well-formed text, no "__proto__" key, at most ${BOUNDS.jsonDepth} levels deep.`,
  );
}

/** Writes one value for this wire. */
export function encodeFrame(wire: Wire, value: unknown): string | Uint8Array<ArrayBuffer> {
  return wire === "msgpack" ? encodeMsgpack(value) : JSON.stringify(value);
}

/** MessagePack bytes; a property that is `undefined` is left out, as JSON would. */
export function encodeMsgpack(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, { ignoreUndefined: true });
}
