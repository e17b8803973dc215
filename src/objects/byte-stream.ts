const encoder = new TextEncoder();

/**
 * Text, or bytes, as a stream of bytes that is made as it is read: whoever reads slowly holds up nothing but
 * itself, and no more than a portion is in memory. A byte stream, because only such cross RPC.
 */
export function byteStream(portions: Iterable<string | Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = portions[Symbol.iterator]();
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const next = iterator.next();
      if (next.done === true) controller.close();
      else if (typeof next.value === "string") controller.enqueue(encoder.encode(next.value));
      else controller.enqueue(next.value);
    },
    cancel() {
      iterator.return?.();
    },
  });
}
