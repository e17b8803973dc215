import { type Refusal, refusal } from "./error.ts";
import { BOUNDS } from "./limits.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { isBoundedMsgpack } from "./msgpack-bounds.ts";
import { msgpackField } from "./msgpack-field.ts";
import type { Wire } from "./subprotocol.ts";
import { isLongerThan } from "./utf8.ts";

/** What a WebSocket carries. */
export type Raw = string | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** A frame off the wire, as the codec gives it; or why it is none, and what names it all the same. */
export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: Refusal; readonly messageId?: unknown };

/** Decodes one frame that a stranger sent. What it holds is not looked at. */
export function decodeFrame(wire: Wire, raw: Raw): Decoded {
  const error = wire === "msgpack" ? unfitBinary(raw) : unfitText(raw);
  if (error !== undefined) return { ok: false, error };
  try {
    return {
      ok: true,
      value: typeof raw === "string" ? JSON.parse(raw) : decodeMsgpack(bytesOf(raw)),
    };
  } catch {
    const what = wire === "msgpack" ? 'MessagePack, or has a key that is "__proto__"' : "JSON";
    const invalid = refusal("invalid_frame", `The frame is not valid ${what}.`);
    return { ok: false, error: invalid, messageId: messageIdIn(wire, raw) };
  }
}

function unfitText(raw: Raw): Refusal | undefined {
  return typeof raw === "string"
    ? undefined
    : refusal("invalid_frame", "This connection speaks JSON in text frames, not binary.");
}

function unfitBinary(raw: Raw): Refusal | undefined {
  if (typeof raw === "string") {
    return refusal(
      "invalid_frame",
      "This connection speaks MessagePack in binary frames; only the heartbeat is text.",
    );
  }
  return isBoundedMsgpack(bytesOf(raw))
    ? undefined
    : refusal(
        "invalid_frame",
        `The frame claims more than it holds, or is more than ${BOUNDS.msgpackDepth} levels deep.`,
      );
}

/** A decoder gives up the whole frame for a key `__proto__`, and yet its sender waits for an answer. */
function messageIdIn(wire: Wire, raw: Raw): unknown {
  if (wire !== "msgpack" || typeof raw === "string") return undefined;
  const field = msgpackField(bytesOf(raw), "messageId");
  try {
    return field === undefined ? undefined : decodeMsgpack(field);
  } catch {
    return undefined;
  }
}

function bytesOf(raw: ArrayBuffer | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return raw instanceof ArrayBuffer ? new Uint8Array(raw) : raw;
}

/** Whether what a WebSocket carries takes more bytes than this. */
export function isLonger(raw: Raw, bytes: number): boolean {
  return typeof raw === "string" ? isLongerThan(raw, bytes) : raw.byteLength > bytes;
}

/** Writes one value for this wire. */
export function encodeFrame(wire: Wire, value: unknown): string | Uint8Array<ArrayBuffer> {
  return wire === "msgpack" ? encodeMsgpack(value) : JSON.stringify(value);
}
