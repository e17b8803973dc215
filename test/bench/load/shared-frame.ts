import { findMessages } from "./message.ts";

/** One big frame's payload, filled by whichever reader is furthest into it. */
export class SharedFrame {
  readonly bytes: Buffer;
  /** How much of it is known. */
  filled = 0;
  #messages: readonly number[] | undefined;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length);
  }

  /** Numbers of the messages in it, once it is whole. */
  get messages(): readonly number[] {
    if (this.#messages === undefined) {
      const found: number[] = [];
      findMessages(this.bytes, 0, this.bytes.length, found);
      this.#messages = found;
    }
    return this.#messages;
  }

  /** Whether bytes that belong at `offset` agree with what is known of it. */
  agrees(offset: number, chunk: Buffer, from: number, to: number): boolean {
    const overlap = Math.min(to - from, this.filled - offset);
    return (
      overlap <= 0 ||
      this.bytes.compare(chunk, from, from + overlap, offset, offset + overlap) === 0
    );
  }

  /** Takes in what was not known yet. */
  extend(offset: number, chunk: Buffer, from: number, to: number): void {
    const end = offset + to - from;
    if (end <= this.filled) return;
    chunk.copy(this.bytes, this.filled, from + this.filled - offset, to);
    this.filled = end;
  }
}

/** The big frames that came lately. Readers of one room get the same bytes, so most are seen before. */
export class SharedFrames {
  readonly #remembered: number;
  #frames: SharedFrame[] = [];

  /** @param remembered how many are kept, so that the same bytes to the next reader are compared and not scanned. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  /** The newest frame of this length that has the same beginning and agrees with more bytes; a new one failing that. */
  match(
    known: SharedFrame | undefined,
    length: number,
    offset: number,
    chunk: Buffer,
    from: number,
    to: number,
  ): SharedFrame {
    for (let index = this.#frames.length - 1; index >= 0; index--) {
      const frame = this.#frames[index];
      if (
        frame !== undefined &&
        frame.bytes.length === length &&
        hasBeginning(frame, known, offset) &&
        frame.agrees(offset, chunk, from, to)
      ) {
        return frame;
      }
    }
    const frame = new SharedFrame(length);
    if (known !== undefined) frame.extend(0, known.bytes, 0, offset);
    this.#frames.push(frame);
    if (this.#frames.length > this.#remembered) this.#frames.shift();
    return frame;
  }
}

function hasBeginning(frame: SharedFrame, known: SharedFrame | undefined, offset: number): boolean {
  if (frame.filled < offset) return false;
  return known === undefined || frame.bytes.compare(known.bytes, 0, offset, 0, offset) === 0;
}
