import { describe, expect, it } from "vitest";
import { LineSplitter } from "../../../src/protocol/line-splitter.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";

const encoder = new TextEncoder();

function split(chunks: readonly Uint8Array[], maxBytes = 100): readonly string[] {
  const splitter = new LineSplitter(maxBytes);
  return [...chunks.flatMap((chunk) => [...splitter.push(chunk)]), ...splitter.end()];
}

describe("a line splitter", () => {
  it.each([
    ["", []],
    ["one", ["one"]],
    ["one\n", ["one"]],
    ["one\n\ntwo\n", ["one", "", "two"]],
    ["響き\nzwei\n", ["響き", "zwei"]],
  ])("finds the lines of %j", (text, lines) => {
    expect(split([encoder.encode(text)])).toEqual(lines);
  });

  it("finds the same lines wherever the bytes are cut (seed 7)", () => {
    const random = seededRandom(7);
    const text = "響き\nz€ro\n\n🎐🎐\nend";
    const bytes = encoder.encode(text);
    for (let round = 0; round < 200; round++) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + Math.floor(random() * 6);
        chunks.push(bytes.subarray(at, end));
        at = end;
      }
      expect(split(chunks)).toEqual(text.split("\n"));
    }
  });

  it("refuses a line that is too long by its number, before its end has come", () => {
    const splitter = new LineSplitter(8);
    expect([...splitter.push(encoder.encode("12345678\n1234"))]).toEqual(["12345678"]);
    expect(() => [...splitter.push(encoder.encode("56789"))]).toThrow("Line 2: is longer than 8");
  });

  it("refuses what is not UTF-8 by its line", () => {
    const bytes = new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]);
    expect(() => split([bytes])).toThrow("Line 2: is not UTF-8");
    expect(() => split([bytes.subarray(0, 3)])).toThrow("Line 2: is not UTF-8");
  });
});
