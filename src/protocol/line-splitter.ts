import { ProtocolError } from "./error.ts";

const NEWLINE = 0x0a;

/** Cuts bytes into the lines of a text file, as they come; it holds no more than one line. */
export class LineSplitter {
  readonly #maxBytes: number;
  /** The start of a line whose end has not come yet. */
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #lines = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The lines that end in a chunk.
   *
   * @throws {ProtocolError} `too_large` for a line that is too long, `invalid_request` for what is
   *   not UTF-8.
   */
  *push(chunk: Uint8Array): Generator<string, void> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      this.#take(chunk.subarray(start, end === -1 ? chunk.length : end));
      if (end === -1) return;
      yield this.#line();
      start = end + 1;
    }
  }

  /** The last line, if the file does not end with a line's end. */
  *end(): Generator<string, void> {
    if (this.#bytes > 0) yield this.#line();
  }

  #take(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) {
      const message = `Line ${this.#lines + 1}: is longer than ${this.#maxBytes} bytes.`;
      throw new ProtocolError("too_large", message);
    }
    this.#pieces.push(piece);
  }

  #line(): string {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    this.#lines += 1;
    try {
      const text = this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join("");
      this.#pieces = [];
      this.#bytes = 0;
      return text + decoder.decode();
    } catch {
      throw new ProtocolError("invalid_request", `Line ${this.#lines}: is not UTF-8.`);
    }
  }
}
