import { expect, it } from "vitest";
import { FrameStream } from "../../bench/load/frame-stream.ts";
import { contentOf, copyMarker, findMessages } from "../../bench/load/message.ts";
import { SharedFrames } from "../../bench/load/shared-frame.ts";

function serverFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  header[0] = 0x81;
  if (body.length < 126) header[1] = body.length;
  else if (body.length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(body.length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([header, body]);
}

/** What readers of one room find in these bytes, fed in pieces and in turns. */
function read(streams: readonly Buffer[], pieceBytes: number): number[][] {
  const shared = new SharedFrames(8);
  const readers = streams.map((bytes) => {
    const found: number[] = [];
    const sink = {
      small: (chunk: Buffer, from: number, to: number) => findMessages(chunk, from, to, found),
      big: ({ messages }: { readonly messages: readonly number[] }) => found.push(...messages),
      single: () => undefined,
      ping: () => undefined,
      closed: () => undefined,
    };
    return { bytes, found, stream: new FrameStream(sink, shared) };
  });
  const longest = Math.max(...streams.map(({ length }) => length));
  for (let at = 0; at < longest; at += pieceBytes) {
    for (const { bytes, stream } of readers) {
      // Every piece in the same memory, as the load tool's sockets do it.
      const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
      stream.feed(piece);
      piece.fill(0);
    }
  }
  return readers.map(({ found }) => found);
}

function batch(first: number, count: number, stamp: string): string {
  const contents = Array.from({ length: count }, (_, index) => contentOf(first + index, 100));
  return `${stamp}[${contents.join(",")}]`;
}

it.each([1, 3, 7, 100, 4_099, 65_536, 1_000_000])(
  "finds every message once when the bytes come in pieces of %i",
  (pieceBytes) => {
    const bytes = Buffer.concat(
      [contentOf(1, 100), "{}", batch(2, 60, "A"), contentOf(62, 300), batch(63, 800, "B")].map(
        serverFrame,
      ),
    );
    const all = Array.from({ length: 862 }, (_, index) => index + 1);
    expect(read([bytes, bytes, bytes], pieceBytes)).toEqual([all, all, all]);
  },
);

it.each([10, 5_000, 50_000])(
  "does not take one big frame for another of the same length, in pieces of %i",
  (pieceBytes) => {
    const one = Buffer.concat([batch(1, 100, "A"), batch(201, 100, "A")].map(serverFrame));
    const other = Buffer.concat([batch(1, 100, "A"), batch(301, 100, "A")].map(serverFrame));
    const [first, second] = read([one, other], pieceBytes);
    expect(first?.at(-1)).toBe(300);
    expect(second?.at(-1)).toBe(400);
    expect(second).toHaveLength(200);
  },
);

it("counts a message once that is told in two ways", () => {
  const content = contentOf(7, 100);
  const told = [{ message: content }, { content }].map((event) => JSON.stringify(event));
  const bytes = Buffer.from(told.join(""));
  const count = (marker?: Buffer) => {
    const found: number[] = [];
    findMessages(bytes, 0, bytes.length, found, marker);
    return found;
  };
  expect(count()).toEqual([7, 7]);
  expect(count(copyMarker(`"content":"`))).toEqual([7]);
});
