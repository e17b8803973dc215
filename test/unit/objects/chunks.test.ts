import { expect, it } from "vitest";
import { chunksOf } from "../../../src/objects/chunks.ts";
import { DeadlineError } from "../../../src/objects/deadline.ts";

/** A stream that says one thing and then nothing; `cancelled` once its reader has given up. */
function stalling() {
  let cancelled = false;
  const stream = new ReadableStream<string>({
    start: (controller) => controller.enqueue("one"),
    cancel: () => {
      cancelled = true;
    },
  });
  return { stream, isCancelled: () => cancelled };
}

it("waits for the next chunk no longer than it is told, and cancels the stream", async () => {
  const { stream, isCancelled } = stalling();
  const chunks = chunksOf(stream, 20, new AbortController().signal);
  expect(await chunks.next()).toEqual({ done: false, value: "one" });
  await expect(chunks.next()).rejects.toThrow(DeadlineError);
  expect(isCancelled()).toBe(true);
});

it("ends with the signal's reason while it waits, and before it waits", async () => {
  for (const aborts of ["while", "before"]) {
    const { stream, isCancelled } = stalling();
    const control = new AbortController();
    const chunks = chunksOf(stream, 60_000, control.signal);
    await chunks.next();
    const reason = new Error("deleted");
    if (aborts === "before") control.abort(reason);
    const next = chunks.next();
    if (aborts === "while") control.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(isCancelled()).toBe(true);
  }
});

it("hands a stream on to its end", async () => {
  const { readable, writable } = new TransformStream<number, number>();
  const writer = writable.getWriter();
  void writer.write(1);
  void writer.write(2);
  void writer.close();
  const all: number[] = [];
  for await (const chunk of chunksOf(readable, 1_000, new AbortController().signal))
    all.push(chunk);
  expect(all).toEqual([1, 2]);
});
