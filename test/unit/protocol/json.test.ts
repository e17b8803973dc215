import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { decodeFrame } from "../../../src/protocol/codec.ts";
import { isJson } from "../../../src/protocol/json.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";

describe("what a frame may hold", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  it.each([
    new Date(),
    new Uint8Array(1),
    1n,
    undefined,
    Number.NaN,
    "\ud800",
    JSON.parse('{"__proto__":1}'),
    { a: () => 1 },
    nested(33),
  ])("is not %s", (value) => {
    expect(isJson(value)).toBe(false);
  });

  it("is plain JSON down to the bound", () => {
    expect(isJson(nested(BOUNDS.jsonDepth))).toBe(true);
    expect(isJson({ a: [null, true, "響", 1.5] })).toBe(true);
  });

  it("is text on one wire and binary on the other", () => {
    expect(decodeFrame("msgpack", encode({ type: "ping" }))).toEqual({ type: "ping" });
    expect(() => decodeFrame("msgpack", "{}")).toThrow("MessagePack");
    expect(() => decodeFrame("json", encode({}))).toThrow("JSON");
  });
});
