import type { EncodedFrame } from "./encoded-frame.ts";
import { BOUNDS } from "./limits.ts";
import { JSON_PACKING, MSGPACK_PACKING, type Packing, type WireMessage } from "./packing.ts";
import type { Wire } from "./subprotocol.ts";

export type { WireMessage } from "./packing.ts";

/** Frames from one index to before another. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Frames next to each other on the wire, without the batch around them. */
interface Chunk<Body extends WireMessage> {
  /** Index of its first frame. */
  readonly first: number;
  /** Where each of its frames ends. */
  readonly ends: readonly number[];
  readonly body: Body;
  /** The whole, as everybody is sent it. */
  readonly message: Body;
}

/**
 * Frames that many readers get, packed into as few WebSocket messages as each wire allows: one
 * each without a subprotocol, else a lone frame as it is and several as `batch`, cut at
 * `BOUNDS.batchChars`. What all share is joined once per codec. A reader that is owed something of
 * its own, or must not be sent some of it, gets pieces of what was joined: the price is one
 * concatenation, however many frames there are.
 */
export class Bundle {
  readonly #frames: readonly EncodedFrame[];
  readonly #timestamp: string;
  #json: readonly Chunk<string>[] | undefined;
  #msgpack: readonly Chunk<Uint8Array<ArrayBuffer>>[] | undefined;
  readonly #shared = new Map<Wire, readonly WireMessage[]>();

  /** @param timestamp ISO 8601, for the envelope of a batch. */
  constructor(frames: readonly EncodedFrame[], timestamp: string) {
    this.#frames = frames;
    this.#timestamp = timestamp;
  }

  /**
   * What a reader on this wire is sent, in order.
   *
   * @param own frames that come after the shared ones.
   * @param leftOut shared frames that it is not sent, in order.
   */
  messages(
    wire: Wire,
    own: readonly EncodedFrame[] = [],
    leftOut: readonly Range[] = [],
  ): readonly WireMessage[] {
    if (own.length > 0 || leftOut.length > 0) return this.#pack(wire, own, leftOut);
    let shared = this.#shared.get(wire);
    if (shared === undefined) {
      shared = this.#pack(wire, own, leftOut);
      this.#shared.set(wire, shared);
    }
    return shared;
  }

  #pack(
    wire: Wire,
    own: readonly EncodedFrame[],
    leftOut: readonly Range[],
  ): readonly WireMessage[] {
    switch (wire) {
      case "plain": {
        const kept = keptOf({ from: 0, to: this.#frames.length }, leftOut);
        const frames = kept.flatMap(({ from, to }) => this.#frames.slice(from, to));
        return [...frames, ...own].map((frame) => frame.json);
      }
      case "json":
        this.#json ??= chunksOf(this.#frames, JSON_PACKING, this.#timestamp);
        return packed(this.#json, own, leftOut, JSON_PACKING, this.#timestamp);
      case "msgpack":
        this.#msgpack ??= chunksOf(this.#frames, MSGPACK_PACKING, this.#timestamp);
        return packed(this.#msgpack, own, leftOut, MSGPACK_PACKING, this.#timestamp);
    }
  }
}

function chunksOf<Body extends WireMessage>(
  frames: readonly EncodedFrame[],
  packing: Packing<Body>,
  timestamp: string,
): readonly Chunk<Body>[] {
  const groups: Body[][] = [];
  let space = 0;
  for (const part of frames.map(packing.encode)) {
    const last = groups.at(-1);
    if (last === undefined || part.length > space) {
      groups.push([part]);
      space = BOUNDS.batchChars - part.length;
    } else {
      last.push(part);
      space -= part.length;
    }
  }
  let first = 0;
  return groups.map((parts) => {
    const chunk = chunkOf(first, parts, packing, timestamp);
    first += parts.length;
    return chunk;
  });
}

function chunkOf<Body extends WireMessage>(
  first: number,
  parts: readonly Body[],
  packing: Packing<Body>,
  timestamp: string,
): Chunk<Body> {
  const body = packing.join(parts);
  let end = -packing.gap;
  const ends = parts.map(({ length }) => {
    end += packing.gap + length;
    return end;
  });
  const message = parts.length === 1 ? body : packing.batch([body], parts.length, timestamp);
  return { first, ends, body, message };
}

/** Answers are few and short, so they go with the last chunk and never need a cut of their own. */
function packed<Body extends WireMessage>(
  chunks: readonly Chunk<Body>[],
  own: readonly EncodedFrame[],
  leftOut: readonly Range[],
  packing: Packing<Body>,
  timestamp: string,
): readonly Body[] {
  const messages: Body[] = [];
  const answers = own.map(packing.encode);
  chunks.forEach((chunk, index) => {
    const { first, ends, message } = chunk;
    const whole = { from: first, to: first + ends.length };
    const kept = keptOf(whole, leftOut);
    const mine = index === chunks.length - 1 ? answers.splice(0) : [];
    const isWhole = kept.length === 1 && kept[0]?.from === whole.from && kept[0].to === whole.to;
    if (isWhole && mine.length === 0) messages.push(message);
    else messages.push(...one(chunk, kept, mine, packing, timestamp));
  });
  if (answers.length === 1) messages.push(...answers);
  else if (answers.length > 1) messages.push(packing.batch(answers, answers.length, timestamp));
  return messages;
}

/** The message of a chunk's frames in these ranges and a reader's own; none when that is nothing. */
function one<Body extends WireMessage>(
  { first, ends, body }: Chunk<Body>,
  kept: readonly Range[],
  own: readonly Body[],
  packing: Packing<Body>,
  timestamp: string,
): readonly Body[] {
  const pieces = kept.map(({ from, to }) => {
    const start = from === first ? 0 : (ends[from - first - 1] ?? 0) + packing.gap;
    return packing.slice(body, start, ends[to - first - 1] ?? 0);
  });
  const all = [...pieces, ...own];
  const count = kept.reduce((sum, { from, to }) => sum + to - from, own.length);
  if (count <= 1) return all;
  return [packing.batch(all, count, timestamp)];
}

/** What is left of a range; `leftOut` is in order. */
function keptOf(whole: Range, leftOut: readonly Range[]): readonly Range[] {
  const kept: Range[] = [];
  let { from } = whole;
  for (const gap of leftOut) {
    if (gap.to <= from) continue;
    if (gap.from >= whole.to) break;
    if (gap.from > from) kept.push({ from, to: gap.from });
    from = gap.to;
  }
  if (from < whole.to) kept.push({ from, to: whole.to });
  return kept;
}
