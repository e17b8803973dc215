import { decode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { Bundle } from "../../../src/protocol/bundle.ts";
import { EncodedFrame } from "../../../src/protocol/encoded-frame.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";

describe("a bundle", () => {
  const frame = (i: number, size = 0) =>
    EncodedFrame.of({
      type: "event",
      timestamp: "t",
      payload: { event: "e", data: `${i}${"x".repeat(size)}`, userId: "u" },
    });
  const bundle = new Bundle([frame(1), frame(2)], "now");

  it("shares one batch, and appends what is a reader's own", () => {
    expect(bundle.messages("json")).toBe(bundle.messages("json"));
    const own = JSON.parse(String(bundle.messages("json", [frame(3)])[0]));
    expect(own).toMatchObject({ type: "batch", timestamp: "now" });
    expect(own.payload.map(({ payload }: { payload: { data: string } }) => payload.data)).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  it("says the same in MessagePack as in JSON", () => {
    const [packed] = bundle.messages("msgpack", [frame(3)]);
    expect(decode(packed as Uint8Array)).toEqual(
      JSON.parse(String(bundle.messages("json", [frame(3)])[0])),
    );
  });

  it("leaves a lone frame as it is, and never batches for a plain reader", () => {
    expect(new Bundle([frame(1)], "now").messages("json")).toEqual([frame(1).json]);
    expect(bundle.messages("plain", [frame(3)])).toEqual([
      frame(1).json,
      frame(2).json,
      frame(3).json,
    ]);
    expect(new Bundle([], "now").messages("json")).toEqual([]);
  });

  it("cuts a batch before it grows too long", () => {
    const long = Array.from({ length: 5 }, (_, i) => frame(i, 200_000));
    const sizes = new Bundle(long, "now").messages("json").map((message) => message.length);
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThan(BOUNDS.batchChars + 100);
  });
});
