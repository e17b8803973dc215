import { headerAt, OPCODES } from "./frame.ts";
import type { SharedFrame, SharedFrames } from "./shared-frame.ts";

/** What a stream finds in the bytes of one connection. */
export interface FrameSink {
  /** One or several whole small data frames, their headers between them. */
  small(bytes: Buffer, from: number, to: number): void;
  /** A whole big data frame. */
  big(frame: SharedFrame): void;
  ping(payload: Buffer): void;
  /** A close frame came. */
  closed(): void;
  /** A one-byte text frame, as Engine.IO's heartbeat is. */
  single(byte: number): void;
}

/** From this size on a frame is compared with what other readers got. */
const BIG_BYTES = 4_096;

/** Walks over server frames (unmasked, RFC 6455 §5.2) as they come, however the bytes are cut. */
export class FrameStream {
  readonly #sink: FrameSink;
  readonly #shared: SharedFrames;
  #carry: Buffer | undefined;
  #frame: SharedFrame | undefined;
  #length = 0;
  #offset = 0;

  constructor(sink: FrameSink, shared: SharedFrames) {
    this.#sink = sink;
    this.#shared = shared;
  }

  /** Takes the next bytes. They are not kept: the caller may reuse the buffer. */
  feed(bytes: Buffer): void {
    const carry = this.#carry;
    this.#carry = undefined;
    const chunk = carry === undefined ? bytes : Buffer.concat([carry, bytes]);
    let at = this.#offset < this.#length ? this.#gather(chunk, 0) : 0;
    let run = at;
    const flushRun = (end: number) => {
      if (end > run) this.#sink.small(chunk, run, end);
    };
    while (at < chunk.length) {
      const header = headerAt(chunk, at);
      if (header === undefined) break;
      const { start, length } = header;
      const end = start + length;
      const isData = (header.opcode & 8) === 0;
      if (isData && length >= BIG_BYTES) {
        flushRun(at);
        this.#length = length;
        this.#offset = 0;
        this.#frame = undefined;
        at = this.#gather(chunk, start);
        run = at;
        continue;
      }
      if (end > chunk.length) break;
      if (isData && length === 1) this.#sink.single(chunk[start] ?? 0);
      if (!isData) {
        flushRun(at);
        if (header.opcode === OPCODES.ping)
          this.#sink.ping(Buffer.from(chunk.subarray(start, end)));
        if (header.opcode === OPCODES.close) this.#sink.closed();
        run = end;
      }
      at = end;
    }
    flushRun(at);
    if (at < chunk.length) this.#carry = Buffer.from(chunk.subarray(at));
  }

  /** Takes what `chunk` has of the big frame under way; returns where that ends. */
  #gather(chunk: Buffer, from: number): number {
    const to = Math.min(chunk.length, from + this.#length - this.#offset);
    if (to > from) {
      let frame = this.#frame;
      if (frame === undefined || !frame.agrees(this.#offset, chunk, from, to)) {
        frame = this.#shared.match(frame, this.#length, this.#offset, chunk, from, to);
        this.#frame = frame;
      }
      frame.extend(this.#offset, chunk, from, to);
      this.#offset += to - from;
    }
    if (this.#offset === this.#length && this.#frame !== undefined) {
      const frame = this.#frame;
      this.#frame = undefined;
      this.#length = 0;
      this.#offset = 0;
      this.#sink.big(frame);
    }
    return to;
  }
}
