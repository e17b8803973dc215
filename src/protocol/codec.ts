import { decode, encode } from "@msgpack/msgpack";
import { ProtocolError } from "./error.ts";
import { isJson, type Json } from "./json.ts";
import { BOUNDS } from "./limits.ts";
import { isBoundedMsgpack } from "./msgpack-bounds.ts";
import type { Wire } from "./subprotocol.ts";

/** What a WebSocket carries. */
export type Raw = string | ArrayBuffer | Uint8Array<ArrayBuffer>;

/**
 * Reads one frame that a stranger sent into plain JSON of bounded depth.
 *
 * @throws {ProtocolError} `invalid_frame` when it is not what the connection's subprotocol speaks.
 */
export function decodeFrame(wire: Wire, raw: Raw): Json {
  if (wire === "msgpack") requireBoundedBinary(raw);
  else requireText(raw);
  return requireJson(parsed(wire, raw));
}

/**
 * Parses one message, whatever it holds: for what the SDK or its server said, who are no strangers
 * to each other. Throws on what is not of this wire.
 */
export function parseMessage(wire: Wire, raw: Raw): unknown {
  const isText = typeof raw === "string";
  if (wire !== "msgpack" && isText) return JSON.parse(raw);
  if (wire === "msgpack" && !isText) return decode(bytesOf(raw));
  throw new TypeError(`A connection of ${wire} has no such message.`);
}

function parsed(wire: Wire, raw: Raw): unknown {
  try {
    return parseMessage(wire, raw);
  } catch {
    const format = wire === "msgpack" ? "MessagePack" : "JSON";
    throw new ProtocolError("invalid_frame", `The frame is not valid ${format}.`);
  }
}

function requireText(raw: Raw): void {
  if (typeof raw === "string") return;
  throw new ProtocolError(
    "invalid_frame",
    "This connection speaks JSON in text frames, not binary.",
  );
}

function requireBoundedBinary(raw: Raw): void {
  if (typeof raw === "string") {
    throw new ProtocolError(
      "invalid_frame",
      "This connection speaks MessagePack in binary frames; only the heartbeat is text.",
    );
  }
  if (isBoundedMsgpack(bytesOf(raw))) return;
  throw new ProtocolError(
    "invalid_frame",
    `The frame claims more than it holds, or is more than ${BOUNDS.jsonDepth} levels deep.`,
  );
}

function bytesOf(raw: ArrayBuffer | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return raw instanceof ArrayBuffer ? new Uint8Array(raw) : raw;
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
