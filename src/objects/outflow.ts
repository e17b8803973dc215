import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { byteStream } from "./byte-stream.ts";

const { answersBytes, answerMs, answerPortionBytes } = EDITOR_BOUNDS;

/**
 * Answers that are on their way: what a slow reader has not read is in the object's memory, so all of
 * them together are bounded, and each has its time.
 */
export class Outflow {
  #bytes = 0;

  /** Whether there is room for one more answer of so many bytes; one alone may be of any size. */
  has(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= answersBytes;
  }

  /** Bytes to be read within their time; whoever is slower finds the stream broken. */
  send(bytes: Uint8Array): ReadableStream<Uint8Array> {
    this.#bytes += bytes.byteLength;
    const held = { bytes: bytes as Uint8Array | undefined };
    const done = () => {
      clearTimeout(timer);
      if (held.bytes === undefined) return;
      held.bytes = undefined;
      this.#bytes -= bytes.byteLength;
    };
    const timer = setTimeout(done, answerMs);
    return byteStream(portions(held, done));
  }
}

function* portions(held: { readonly bytes: Uint8Array | undefined }, done: () => void) {
  try {
    const length = held.bytes?.byteLength ?? 0;
    for (let at = 0; at < length; at += answerPortionBytes) {
      if (held.bytes === undefined) throw new Error("It was not read in time.");
      // A copy: a stream takes the buffer of what it is handed.
      yield held.bytes.slice(at, at + answerPortionBytes);
    }
  } finally {
    done();
  }
}
