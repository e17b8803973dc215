/** Bytes that are not what they should be. Thrown while they are read, and caught where that began. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads lib0's encoding (dmonad/lib0, src/decoding.js), and is stricter than lib0 is: every length is
 * held against what is there, and every number against what a double holds. lib0 reads a byte past the
 * end as `undefined`, which computes as 0.
 *
 * @throws {Malformed} from each method; whoever makes a reader of a stranger's bytes catches it.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes were read. */
  get at(): number {
    return this.#at;
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Malformed("it ends too early");
    this.#at++;
    return byte;
  }

  skip(length: number): void {
    if (length > this.#bytes.length - this.#at) throw new Malformed("it ends too early");
    this.#at += length;
  }

  /** lib0's `readVarUint`: seven bits a byte, the lowest first. */
  uint(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (value > Number.MAX_SAFE_INTEGER) throw new Malformed("a number is too large");
      if (byte < 0x80) return value;
      // Zeros could go on for ever, and a sum of them never becomes too large.
      if (unit > Number.MAX_SAFE_INTEGER) throw new Malformed("a number is too long");
    }
  }

  /** lib0's `readVarInt`, passed over: only its length matters here. */
  skipInt(): void {
    for (let length = 1; this.byte() >= 0x80; length++)
      if (length > 8) throw new Malformed("a number is too long");
  }

  /** lib0's `readVarUint8Array`: a view, and no copy. */
  view(): Uint8Array {
    const length = this.uint();
    const from = this.#at;
    this.skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** lib0's `readVarString`. */
  text(): string {
    return decode(this.view());
  }

  /** The length of lib0's `readVarString` in UTF-16 code units, which are what Yjs counts. */
  textUnits(): number {
    const bytes = this.view();
    for (const byte of bytes) if (byte >= 0x80) return decode(bytes).length;
    return bytes.length;
  }
}

/** @throws {Malformed} for what is not UTF-8. */
export function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new Malformed("a text is not UTF-8");
  }
}

/** What `read` makes of a stranger's bytes, or in plain words what is wrong with them. */
export function readBytes<T>(
  bytes: Uint8Array,
  read: (reader: ByteReader) => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string } {
  const reader = new ByteReader(bytes);
  try {
    const value = read(reader);
    if (!reader.isDone) throw new Malformed("there are bytes behind its end");
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, fault: error.message };
    throw error;
  }
}
