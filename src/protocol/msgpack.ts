import { decode, encode } from "@msgpack/msgpack";

/** MessagePack bytes; a property that is `undefined` is left out, as JSON would. */
export function encodeMsgpack(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, { ignoreUndefined: true });
}

/**
 * The value in MessagePack bytes. A stranger's may claim more than they hold: see `isBoundedMsgpack`.
 *
 * @throws when they are not MessagePack.
 */
export function decodeMsgpack(bytes: ArrayBuffer | Uint8Array): unknown {
  return decode(bytes);
}
