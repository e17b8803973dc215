import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { decodeFrame } from "../../../src/protocol/codec.ts";
import { payloadProblem } from "../../../src/protocol/json.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";

function nested(depth: number): unknown {
  return depth === 0 ? 1 : depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) };
}

describe("what a payload may hold", () => {
  it.each<[string, unknown, string]>([
    ["a date", new Date(), "no JSON"],
    ["binary", new Uint8Array(1), "no JSON"],
    ["a bigint", 1n, "no JSON"],
    ["nothing", undefined, "no JSON"],
    ["a function", () => 1, "no JSON"],
    ["NaN", Number.NaN, "64-bit"],
    ["1e999", JSON.parse("1e999"), "64-bit"],
    ["a lone surrogate", "\ud800", "surrogate"],
    ["a lone surrogate in a key", { "\udc00": 1 }, "surrogate|well-formed"],
    ["a key of the prototype", JSON.parse('{"__proto__":1}'), "__proto__"],
    ["17 levels", nested(17), "16 levels"],
    ["30,000 levels", JSON.parse(`${"[".repeat(30_000)}${"]".repeat(30_000)}`), "16 levels"],
    ["2^53", 2 ** 53, "as text"],
    ["-2^53", -(2 ** 53), "as text"],
    ["a number that was rounded", JSON.parse("9007199254740993"), "as text"],
    ["a snowflake id", JSON.parse("653247040368672768"), "as text"],
    ["the last integer that is written out", JSON.parse("999999999999999868928"), "as text"],
  ])("is not %s", (_, data, message) => {
    expect(payloadProblem({ data })).toEqual({
      path: expect.arrayContaining(["data"]),
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, unknown]>([
    ["16 levels", nested(16)],
    ["every kind of value", { a: [null, true, "響", 1.5, -1, ""], "": {}, " ": 0 }],
    ["keys that an object has anyway", { constructor: 1, toString: 2, hasOwnProperty: 3 }],
    ["the largest exact integers", [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
    ["numbers with an exponent", [1e21, -1e300, 5e-324, 1.7976931348623157e308]],
    ["numbers with a fraction", [0.1, 4503599627370495.5]],
  ])("is %s", (_, data) => {
    expect(payloadProblem({ data })).toBeUndefined();
  });

  it("is named by its place", () => {
    const payload = { data: { ids: [1, 2, 2 ** 60] } };
    expect(payloadProblem(payload)?.path).toEqual(["data", "ids", 2]);
  });
});

describe("a frame off the wire", () => {
  it("is text on one wire and binary on the other", () => {
    const ping = { type: "ping" };
    expect(decodeFrame("msgpack", encode(ping))).toEqual({ ok: true, value: ping });
    expect(decodeFrame("json", '{"type":"ping"}')).toEqual({ ok: true, value: ping });
    const told = (message: string) => ({ ok: false, error: { message } });
    expect(decodeFrame("msgpack", "{}")).toMatchObject(told(expect.stringContaining("binary")));
    expect(decodeFrame("json", encode({}))).toMatchObject(told(expect.stringContaining("text")));
    expect(decodeFrame("plain", "{")).toMatchObject(told(expect.stringContaining("JSON")));
  });

  it("is named by its messageId, if a decoder gives it up for something else", () => {
    const proto = Uint8Array.from([0x81, 0xa9, ...Buffer.from("__proto__"), 0x01]);
    const frame = encode({ before: [{}, "x".repeat(400)], messageId: "m-1", data: "D" });
    const at = Buffer.from(frame).lastIndexOf(Buffer.from(encode("D")));
    const spliced = Uint8Array.from([
      ...frame.subarray(0, at),
      ...proto,
      ...frame.subarray(at + 2),
    ]);
    const refused = { ok: false, error: { code: "invalid_frame" } };
    const answer = decodeFrame("msgpack", spliced);
    expect(answer).toMatchObject({ ...refused, messageId: "m-1" });
    expect(answer).toMatchObject({ error: { message: expect.stringContaining("__proto__") } });
    const trailing = Uint8Array.from([...frame, 0xc0]);
    expect(decodeFrame("msgpack", trailing)).toMatchObject({ ...refused, messageId: "m-1" });
  });

  it.each<[string, readonly number[]]>([
    ["no map", [0x91, 0xc7]],
    ["a map that is cut", [0x82, 0xa1, 0x61, 0x01]],
    ["a map with no messageId, and a key that is a map", [0x81, 0x80, 0x01]],
    ["a map whose messageId is no text", [0x81, 0xa9, ...Buffer.from("messageId"), 0x81, 0xc0, 1]],
  ])("is not named when it is %s", (_, bytes) => {
    const decoded = decodeFrame("msgpack", Uint8Array.from(bytes));
    expect(decoded).toMatchObject({ ok: false });
    expect(decoded.ok ? undefined : decoded.messageId).toBeUndefined();
  });

  it("may nest far deeper than its payload is allowed to, so that its refusal names it", () => {
    const deep = nested(BOUNDS.msgpackDepth - 1);
    expect(decodeFrame("msgpack", encode([deep], { maxDepth: 2_000 })).ok).toBe(true);
    expect(decodeFrame("msgpack", encode([[deep]], { maxDepth: 2_000 })).ok).toBe(false);
  });
});
