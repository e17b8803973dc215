import type { EncodedFrame } from "./encoded-frame.ts";
import { BOUNDS } from "./limits.ts";
import { encodeMsgpack } from "./msgpack.ts";
import type { Wire } from "./subprotocol.ts";

/** What is handed to one socket's `send`. */
export type WireMessage = string | Uint8Array<ArrayBuffer>;

/** Frames next to each other on the wire, without the batch around them. */
interface Run<Body> {
  readonly count: number;
  readonly body: Body;
}

/**
 * Frames that many readers get, packed into as few WebSocket messages as each wire allows: one
 * each without a subprotocol, else a lone frame as it is and several as `batch`, cut at
 * `BOUNDS.batchChars`. What all share is joined once per codec; a reader that is owed something of
 * its own gets it appended, at the price of one concatenation.
 */
export class Bundle {
  readonly #frames: readonly EncodedFrame[];
  readonly #timestamp: string;
  #json: readonly Run<string>[] | undefined;
  #msgpack: readonly Run<Uint8Array<ArrayBuffer>>[] | undefined;
  readonly #shared = new Map<Wire, readonly WireMessage[]>();

  /** @param timestamp ISO 8601, for the envelope of a batch. */
  constructor(frames: readonly EncodedFrame[], timestamp: string) {
    this.#frames = frames;
    this.#timestamp = timestamp;
  }

  /** What a reader on this wire is sent, in order; `own` frames come after the shared ones. */
  messages(wire: Wire, own: readonly EncodedFrame[] = []): readonly WireMessage[] {
    if (own.length > 0) return this.#pack(wire, own);
    let shared = this.#shared.get(wire);
    if (shared === undefined) {
      shared = this.#pack(wire, own);
      this.#shared.set(wire, shared);
    }
    return shared;
  }

  #pack(wire: Wire, own: readonly EncodedFrame[]): readonly WireMessage[] {
    switch (wire) {
      case "plain":
        return [...this.#frames, ...own].map((frame) => frame.json);
      case "json":
        this.#json ??= runs(this.#frames, (frame) => frame.json, joinJson);
        return appendRun(this.#json, own, (frame) => frame.json, joinJson).map((run) =>
          run.count === 1 ? run.body : batchJson(run, this.#timestamp),
        );
      case "msgpack":
        this.#msgpack ??= runs(this.#frames, (frame) => frame.msgpack, joinBytes);
        return appendRun(this.#msgpack, own, (frame) => frame.msgpack, joinBytes).map((run) =>
          run.count === 1 ? run.body : batchMsgpack(run, this.#timestamp),
        );
    }
  }
}

type Join<Body> = (parts: readonly Body[]) => Body;

function runs<Body extends { readonly length: number }>(
  frames: readonly EncodedFrame[],
  encode: (frame: EncodedFrame) => Body,
  join: Join<Body>,
): readonly Run<Body>[] {
  const groups: Body[][] = [];
  let space = 0;
  for (const part of frames.map(encode)) {
    const last = groups.at(-1);
    if (last === undefined || part.length > space) {
      groups.push([part]);
      space = BOUNDS.batchChars - part.length;
    } else {
      last.push(part);
      space -= part.length;
    }
  }
  return groups.map((parts) => ({ count: parts.length, body: join(parts) }));
}

/** Answers are few and short, so they never need a cut of their own. */
function appendRun<Body>(
  shared: readonly Run<Body>[],
  own: readonly EncodedFrame[],
  encode: (frame: EncodedFrame) => Body,
  join: Join<Body>,
): readonly Run<Body>[] {
  if (own.length === 0) return shared;
  const last = shared.at(-1);
  const parts = own.map(encode);
  return last === undefined
    ? [{ count: own.length, body: join(parts) }]
    : [
        ...shared.slice(0, -1),
        { count: last.count + own.length, body: join([last.body, ...parts]) },
      ];
}

function joinJson(parts: readonly string[]): string {
  return parts.join(",");
}

function batchJson(run: Run<string>, timestamp: string): string {
  return `{"type":"batch","timestamp":"${timestamp}","payload":[${run.body}]}`;
}

function joinBytes(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** A MessagePack array is its header and then its items (spec: array 32 is 0xdd and a uint32). */
function batchMsgpack(
  run: Run<Uint8Array<ArrayBuffer>>,
  timestamp: string,
): Uint8Array<ArrayBuffer> {
  const envelope = encodeMsgpack({ type: "batch", timestamp, payload: null });
  const header = new Uint8Array(5);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0xdd);
  view.setUint32(1, run.count);
  // The envelope's last byte is the null that the array takes the place of.
  return joinBytes([envelope.subarray(0, -1), header, run.body]);
}
