import { encodeMsgpack } from "./codec.ts";
import { BOUNDS } from "./limits.ts";
import type { ServerFrame } from "./server-frame.ts";
import type { Wire } from "./subprotocol.ts";

/**
 * A server frame that is encoded at most once per codec, however many readers get it. Encoding is
 * per frame and not per batch, so that a reader owed something of its own shares all the rest.
 */
export class EncodedFrame {
  #json: string | undefined;
  #msgpack: Uint8Array<ArrayBuffer> | undefined;
  readonly #frame: ServerFrame | undefined;

  private constructor(frame: ServerFrame | undefined, json: string | undefined) {
    this.#frame = frame;
    this.#json = json;
  }

  /** Wraps a frame. */
  static of(frame: ServerFrame): EncodedFrame {
    return new EncodedFrame(frame, undefined);
  }

  /** Wraps a frame that exists as JSON text already, as events of the log do. */
  static fromJson(json: string): EncodedFrame {
    return new EncodedFrame(undefined, json);
  }

  /** The frame as JSON text. */
  get json(): string {
    this.#json ??= JSON.stringify(this.#frame);
    return this.#json;
  }

  /** The frame as MessagePack bytes. */
  get msgpack(): Uint8Array<ArrayBuffer> {
    this.#msgpack ??= encodeMsgpack(this.#frame ?? JSON.parse(this.json));
    return this.#msgpack;
  }
}

/** What is handed to one socket's `send`. */
export type WireMessage = string | Uint8Array<ArrayBuffer>;

/**
 * Packs frames, in order, into as few WebSocket messages as the wire allows: one each without a
 * subprotocol, else a lone frame as it is and several as `batch`, cut at `BOUNDS.batchChars`.
 *
 * @param timestamp ISO 8601, for the batch's own envelope.
 */
export function pack(
  wire: Wire,
  frames: readonly EncodedFrame[],
  timestamp: string,
): readonly WireMessage[] {
  switch (wire) {
    case "plain":
      return frames.map((frame) => frame.json);
    case "json":
      return slices(frames, (frame) => frame.json.length).map((slice) =>
        slice.length === 1 && slice[0] !== undefined ? slice[0].json : joinJson(slice, timestamp),
      );
    case "msgpack":
      return slices(frames, (frame) => frame.msgpack.length).map((slice) =>
        slice.length === 1 && slice[0] !== undefined
          ? slice[0].msgpack
          : joinMsgpack(slice, timestamp),
      );
  }
}

function slices(
  frames: readonly EncodedFrame[],
  size: (frame: EncodedFrame) => number,
): readonly (readonly EncodedFrame[])[] {
  const all: EncodedFrame[][] = [];
  let room = 0;
  for (const frame of frames) {
    const cost = size(frame);
    const last = all.at(-1);
    if (last === undefined || cost > room) {
      all.push([frame]);
      room = BOUNDS.batchChars - cost;
    } else {
      last.push(frame);
      room -= cost;
    }
  }
  return all;
}

function joinJson(frames: readonly EncodedFrame[], timestamp: string): string {
  const body = frames.map((frame) => frame.json).join(",");
  return `{"type":"batch","timestamp":"${timestamp}","payload":[${body}]}`;
}

/** Concatenates, since a MessagePack array is a header and its items (spec: array 32, 0xdd). */
function joinMsgpack(frames: readonly EncodedFrame[], timestamp: string): Uint8Array<ArrayBuffer> {
  const head = encodeMsgpack({ type: "batch", timestamp, payload: null });
  // The trailing null's one byte makes room for the array header.
  const size = frames.reduce((sum, frame) => sum + frame.msgpack.length, head.length - 1 + 5);
  const bytes = new Uint8Array(size);
  bytes.set(head.subarray(0, head.length - 1));
  let offset = head.length - 1;
  const view = new DataView(bytes.buffer);
  view.setUint8(offset, 0xdd);
  view.setUint32(offset + 1, frames.length);
  offset += 5;
  for (const { msgpack } of frames) {
    bytes.set(msgpack, offset);
    offset += msgpack.length;
  }
  return bytes;
}
