import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { closeCodeFor } from "../protocol/refusal-close.ts";
import type { Cursor } from "./address.ts";
import { type IncomingFrame, readFrame } from "./frame-reader.ts";
import { field } from "./frame-shape.ts";
import { type Reading, refusalFrame } from "./http-channel.ts";
import { isLeft, type StreamLine, type StreamReader, type StreamValue } from "./stream-line.ts";
import { NO_WORD } from "./transport.ts";

/** Who reads one room over a stream that may be others' too. */
export class StreamMember implements StreamReader {
  readonly reading: Reading;
  /** The stream that it is read on. */
  line: StreamLine | undefined;
  /** One that takes its place as soon as the room is heard there. */
  awaits: StreamLine | undefined;
  readonly #over: (code: number) => void;
  #cursor: Cursor | undefined;
  #isGreeted = false;
  #lastWord: IncomingFrame | undefined;

  /** @param over is told once when it is read no more, with a close code. */
  constructor(reading: Reading, over: (code: number) => void) {
    this.reading = reading;
    this.#cursor = reading.visit.cursor;
    this.#over = over;
  }

  get room(): string {
    return this.reading.visit.room;
  }

  /** How far it has been read. */
  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /** Whether it is read on this stream, or may be. */
  isOn(line: StreamLine): boolean {
    return this.line === line || this.awaits === line;
  }

  /** Something came in on a stream: what is this room's of it, or a sign of life. */
  heard(line: StreamLine, values: readonly StreamValue[]): void {
    if (!this.isOn(line) || (this.line !== line && values.length === 0)) return;
    if (this.awaits === line) {
      this.awaits = undefined;
      this.line = line;
    }
    const left = values.find(isLeft);
    const frames = values.flatMap((one) => (isLeft(one) ? [] : readFrame(one.value)));
    // Whoever comes back is told what was lost.
    if (this.#isGreeted && frames.some(isNewStart)) this.end(CLOSE_CODES.restart.code);
    else this.#hear(frames);
    if (left !== undefined) this.#left(field(left.value, "payload"));
  }

  /** Its stream is over, with the server's refusal or without a word. */
  lost(refusal: Refusal | undefined): void {
    if (refusal === undefined) {
      this.end(codeOf(this.#lastWord));
      return;
    }
    this.#hear([refusalFrame(this.reading.environment, refusal)]);
    this.end(closeCodeFor(refusal.code));
  }

  /** It is read no more. */
  end(code: number): void {
    this.line = undefined;
    this.awaits = undefined;
    this.#over(code);
  }

  #left(why: unknown): void {
    const payload = field(why, "error");
    const code = field(why, "code");
    const timestamp = iso(this.reading.environment.now());
    if (payload !== undefined) this.#hear(readFrame({ type: "error", timestamp, payload }));
    this.end(typeof code === "number" ? code : NO_WORD);
  }

  #hear(frames: readonly IncomingFrame[]): void {
    for (const frame of frames) this.#follow(frame);
    this.#lastWord = frames.at(-1) ?? this.#lastWord;
    this.reading.heard(frames);
  }

  #follow(frame: IncomingFrame): void {
    if (frame.type === "joined_room") {
      this.#isGreeted = true;
      const { seq, epoch, recovered } = frame.payload;
      if (!recovered) this.#cursor = { seq, epoch };
    }
    if (!("seq" in frame) || frame.seq === undefined || this.#cursor === undefined) return;
    const { seq, epoch } = this.#cursor;
    this.#cursor = { seq: Math.max(frame.seq, seq), epoch };
  }
}

function isNewStart(frame: IncomingFrame): boolean {
  return frame.type === "joined_room" && !frame.payload.recovered;
}

/** A stream ends without a close code: an error as its last word says why. */
function codeOf(lastWord: IncomingFrame | undefined): number {
  return lastWord?.type === "error" ? (closeCodeFor(lastWord.payload.code) ?? NO_WORD) : NO_WORD;
}
