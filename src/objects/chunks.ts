import { within } from "./deadline.ts";

/**
 * The chunks of a stream, as long as each comes in time and nobody breaks it off. A stream that is
 * not read to its end is cancelled.
 *
 * @param withinMs how long one chunk may take, in milliseconds.
 * @throws {DeadlineError} when one takes longer.
 * @throws the signal's reason when it is aborted.
 */
export async function* chunksOf<Chunk>(
  stream: ReadableStream<Chunk>,
  withinMs: number,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void> {
  const reader = stream.getReader();
  // Nobody waits for it: the other end may be the one that hangs.
  const cancel = () => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await within(withinMs, reader.read());
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } catch (error) {
    // A read that is cancelled ends as the platform likes: with the stream's end, or with an error.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}
