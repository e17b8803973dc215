import { BOUNDS } from "./limits.ts";

/**
 * Whether MessagePack bytes may be decoded. A decoder allocates what a header claims before it has
 * seen it, so 150 bytes of nested headers can ask for gigabytes: what is claimed must fit into what
 * is there (each item takes a byte at least), and must not nest too deep.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function isBoundedMsgpack(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Items still to come at each level of nesting, outermost first. */
  const pending: number[] = [1];
  let claimed = 1;
  let at = 0;
  while (pending.length > 0) {
    const level = pending.length - 1;
    const left = pending[level] ?? 0;
    if (left === 0) {
      pending.pop();
      continue;
    }
    pending[level] = left - 1;
    claimed -= 1;
    if (at >= bytes.length) return false;
    const header = readHeader(view, at);
    if (header === undefined) return false;
    at += header.bytes;
    if (header.items === 0) continue;
    claimed += header.items;
    if (claimed > bytes.length - at || pending.length > BOUNDS.msgpackDepth) return false;
    pending.push(header.items);
  }
  return true;
}

/** What one item takes of the input itself, and how many further items it announces. */
export interface Header {
  readonly bytes: number;
  readonly items: number;
}

/** Bytes of each fixed-size format from 0xc0 on; those with a length of their own are in `SIZED`. */
const FIXED: Readonly<Record<number, number>> = {
  192: 1,
  193: 1,
  194: 1,
  195: 1,
  202: 5,
  203: 9,
  204: 2,
  205: 3,
  206: 5,
  207: 9,
  208: 2,
  209: 3,
  210: 5,
  211: 9,
  212: 3,
  213: 4,
  214: 6,
  215: 10,
  216: 18,
};

/** Formats with a length: how many bytes it takes, how many more precede the body, and what it counts. */
const SIZED: Readonly<
  Record<number, { readonly length: 1 | 2 | 4; readonly extra: number; readonly counts: Counts }>
> = {
  196: { length: 1, extra: 0, counts: "bytes" },
  197: { length: 2, extra: 0, counts: "bytes" },
  198: { length: 4, extra: 0, counts: "bytes" },
  199: { length: 1, extra: 1, counts: "bytes" },
  200: { length: 2, extra: 1, counts: "bytes" },
  201: { length: 4, extra: 1, counts: "bytes" },
  217: { length: 1, extra: 0, counts: "bytes" },
  218: { length: 2, extra: 0, counts: "bytes" },
  219: { length: 4, extra: 0, counts: "bytes" },
  220: { length: 2, extra: 0, counts: "items" },
  221: { length: 4, extra: 0, counts: "items" },
  222: { length: 2, extra: 0, counts: "pairs" },
  223: { length: 4, extra: 0, counts: "pairs" },
};
type Counts = "bytes" | "items" | "pairs";

/** Reads the header of the item that begins at an offset; `undefined` when it is none, or is cut. */
export function readHeader(view: DataView, at: number): Header | undefined {
  const byte = view.getUint8(at);
  if (byte <= 0x7f || byte >= 0xe0) return { bytes: 1, items: 0 };
  if (byte <= 0x8f) return { bytes: 1, items: (byte & 0x0f) * 2 };
  if (byte <= 0x9f) return { bytes: 1, items: byte & 0x0f };
  if (byte <= 0xbf) return { bytes: 1 + (byte & 0x1f), items: 0 };
  const fixed = FIXED[byte];
  if (fixed !== undefined) return { bytes: fixed, items: 0 };
  const sized = SIZED[byte];
  if (sized === undefined || at + sized.length >= view.byteLength) return undefined;
  const length = readLength(view, at + 1, sized.length);
  const bytes = 1 + sized.length + sized.extra;
  if (sized.counts === "bytes") return { bytes: bytes + length, items: 0 };
  return { bytes, items: sized.counts === "pairs" ? length * 2 : length };
}

function readLength(view: DataView, at: number, bytes: 1 | 2 | 4): number {
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getUint16(at) : view.getUint32(at);
}
