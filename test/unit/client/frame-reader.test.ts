import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { readFrames } from "../../../src/client/frame-reader.ts";
import { MSGPACK_CODEC } from "../../../src/client/msgpack-codec.ts";
import { type ClientWire, JSON_CODEC } from "../../../src/client/wire-codec.ts";

const WIRES = [
  ["json", JSON_CODEC],
  ["msgpack", MSGPACK_CODEC],
] as const;

function message(seq: number, data: unknown) {
  const payload = { seq, messageId: `m${seq}`, userId: "eve", userName: "Eve", content: "", data };
  return { type: "new_message", seq, payload: { ...payload, timestamp: "" } };
}

function wired(wire: ClientWire, frame: unknown): string | ArrayBuffer {
  if (wire === "json") return JSON.stringify(frame);
  return Uint8Array.from(encode(frame, { ignoreUndefined: true })).buffer;
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe.each(WIRES)("what the server says in %s", (wire, codec) => {
  it.each([29, 40, 90])("is read whatever a stranger nested in it: %i levels", (depth) => {
    const deep = message(1, nested(depth));
    const batch = { type: "batch", timestamp: "", payload: [deep, message(2, 1)] };
    for (const said of [deep, batch]) {
      expect(readFrames(codec, wired(wire, said))[0]).toEqual(deep);
    }
    expect(readFrames(codec, wired(wire, batch))).toHaveLength(2);
  });

  it("is read frame by frame, so that one that is none costs no other", () => {
    const bad = { ...message(2, 1), payload: { seq: "two" } };
    const payload = [message(1, 1), bad, 5, { type: "batch", payload: [] }, message(3, 1)];
    const frames = readFrames(codec, wired(wire, { type: "batch", timestamp: "", payload }));
    expect(frames.map(({ type }) => type)).toEqual([
      "new_message",
      "malformed",
      "malformed",
      "malformed",
      "new_message",
    ]);
  });

  it.each([5, null, "}", "\ufeff", new Uint8Array([0xc1]).buffer, new ArrayBuffer(0)])(
    "and is no frame at all: %j",
    (data) => {
      expect(readFrames(codec, data)).toEqual([{ type: "malformed" }]);
    },
  );
});
