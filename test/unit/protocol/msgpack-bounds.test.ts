import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { isBoundedMsgpack } from "../../../src/protocol/msgpack-bounds.ts";

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe("bounded MessagePack", () => {
  it.each<[string, unknown]>([
    ["nothing", null],
    ["numbers of every size", [0, 127, 128, 65_535, 65_536, 2 ** 40, -1, -32, -33, -70_000, 1.5]],
    [
      "text of every size",
      ["", "x".repeat(31), "x".repeat(32), "x".repeat(300), "x".repeat(70_000)],
    ],
    ["lists of every size", [[], Array(15).fill(1), Array(16).fill(1), Array(70_000).fill(1)]],
    [
      "maps",
      { a: {}, b: { c: [{ d: true }] }, ...Object.fromEntries(Object.entries("x".repeat(40))) },
    ],
    ["bytes and dates", [new Uint8Array(3), new Uint8Array(300), new Date()]],
    ["as deep as a frame may be", nested(90)],
  ])("is %s", (_, value) => {
    expect(isBoundedMsgpack(encode(value))).toBe(true);
  });

  it.each<[string, readonly number[]]>([
    ["nothing at all", []],
    ["a list that claims 16 million", [0xdd, 0x00, 0xf4, 0x24, 0x00]],
    ["such lists in each other", Array(30).fill([0xdd, 0x00, 0xf4, 0x24, 0x00]).flat()],
    ["lists of 8,000 in each other", Array(100).fill([0xdc, 0x1f, 0x40]).flat()],
    ["a map that claims 4 billion", [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ["a list in which one is missing", [0x92, 0x01]],
    ["a header that is cut", [0xdd, 0x00]],
    ["deeper than a frame may be", [...Array(BOUNDS.msgpackDepth + 1).fill(0x91), 0x01]],
  ])("is not %s", (_, bytes) => {
    expect(isBoundedMsgpack(Uint8Array.from(bytes))).toBe(false);
  });
});
