import { describe, expect, it } from "vitest";
import { BoundedStream } from "../../../src/edge/transports/bounded-stream.ts";

const BOUNDS = { queueBytes: 100, owedBytes: 1_000 };
const text = (bytes: number) => "x".repeat(bytes);

function open() {
  let cancelled = 0;
  const stream = new BoundedStream(BOUNDS, () => {
    cancelled += 1;
  });
  const reader = stream.body.getReader();
  const read = async () => (await reader.read()).value?.byteLength;
  return { stream, reader, read, cancelled: () => cancelled };
}

describe("a mark in a stream", () => {
  it("is passed once its reader has taken all that was written before, and not what came after", async () => {
    const { stream, read } = open();
    const passed: string[] = [];
    stream.whenTaken(() => passed.push("at once"));
    expect(passed).toEqual(["at once"]);
    stream.write(text(60));
    stream.write(text(200), { owed: true });
    stream.whenTaken(() => passed.push("behind both"));
    stream.write(text(30));
    await read();
    expect(passed).toEqual(["at once"]);
    await read();
    await Promise.resolve();
    expect(passed).toEqual(["at once", "behind both"]);
  });

  it("is never passed when the reader goes away before", async () => {
    const { stream, reader } = open();
    let isPassed = false;
    stream.write(text(60));
    stream.whenTaken(() => {
      isPassed = true;
    });
    await reader.cancel();
    stream.abort("gone");
    expect(isPassed).toBe(false);
  });
});

describe("a stream with a slow reader", () => {
  it("takes no more once its bound is waiting, and takes more when that was read", async () => {
    const { stream, read } = open();
    expect(stream.write(text(60))).toBe(true);
    expect(stream.write(text(60))).toBe(true);
    expect(stream.write(text(1))).toBe(false);
    expect([await read(), await read()]).toEqual([60, 60]);
    expect(stream.write(text(60))).toBe(true);
  });

  it("counts bytes and not characters", () => {
    const { stream } = open();
    expect(stream.write("響".repeat(34))).toBe(true);
    expect(stream.write("x")).toBe(false);
  });

  it("does not count what it is owed, until that was read", async () => {
    const { stream, read } = open();
    expect(stream.write(text(500), { owed: true })).toBe(true);
    expect(stream.write(text(500), { owed: true })).toBe(true);
    expect(stream.write(text(99))).toBe(true);
    expect(stream.write(text(99))).toBe(true);
    expect(stream.write(text(1))).toBe(false);
    expect([await read(), await read(), await read(), await read()]).toEqual([500, 500, 99, 99]);
    stream.write(text(100));
    expect(stream.write(text(1))).toBe(false);
  });

  it("bounds what it is owed as well, and takes more when that was read", async () => {
    const { stream, read } = open();
    expect(stream.write(text(900), { owed: true })).toBe(true);
    expect(stream.write(text(900), { owed: true })).toBe(true);
    expect(stream.write(text(1), { owed: true })).toBe(false);
    expect(await read()).toBe(900);
    expect(stream.write(text(1), { owed: true })).toBe(true);
  });

  it("has no more room for the rest once it read what it was owed, whatever waits behind", async () => {
    const { stream, read } = open();
    stream.write(text(900), { owed: true });
    stream.write(text(50));
    expect(await read()).toBe(900);
    let written = 0;
    while (stream.write(text(10))) written += 10;
    expect(written).toBeLessThanOrEqual(150);
  });

  it("lets go of what waits when it is broken off", async () => {
    const { stream, reader } = open();
    stream.write(text(100));
    stream.abort("too slow");
    await expect(reader.read()).rejects.toThrow("too slow");
    expect(stream.write(text(1))).toBe(true);
  });
});

describe("a stream that ends", () => {
  it("hands over everything written before", async () => {
    const { stream, reader, read } = open();
    stream.write(text(50));
    stream.end();
    stream.end();
    expect(stream.write(text(50))).toBe(true);
    expect(await read()).toBe(50);
    expect((await reader.read()).done).toBe(true);
  });

  it("can still be broken off while its end waits to be read", async () => {
    const { stream, reader } = open();
    stream.write(text(50));
    stream.end();
    stream.abort("too slow");
    await expect(reader.read()).rejects.toThrow("too slow");
  });

  it("is not broken off once all was read", async () => {
    const { stream, reader, read } = open();
    stream.write(text(50));
    stream.end();
    expect(await read()).toBe(50);
    stream.abort("late");
    expect((await reader.read()).done).toBe(true);
  });

  it("says once that its reader has left, and writes into the void from then on", async () => {
    const { stream, reader, cancelled } = open();
    await reader.cancel();
    expect(stream.write(text(500))).toBe(true);
    stream.end();
    stream.abort("late");
    expect(cancelled()).toBe(1);
  });
});
