import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GATEWAY_BOUNDS } from "../../../src/protocol/gateway-limits.ts";
import { readRoomsCursor } from "../../../src/protocol/rooms-cursor.ts";
import { writeRoomsCursor } from "../../../src/protocol/rooms-cursor-text.ts";

const cursor = fc.record({
  epoch: fc.string({ maxLength: 36 }),
  seq: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
});
const cursors = fc
  .uniqueArray(fc.tuple(fc.string({ unit: "grapheme", maxLength: 40 }), cursor), {
    selector: ([room]) => room,
    maxLength: GATEWAY_BOUNDS.rooms,
  })
  .map((entries) => new Map(entries));

describe("a cursor over many rooms", () => {
  it("reads as it was written, from text that fits a query as it is", () => {
    fc.assert(
      fc.property(cursors, (places) => {
        const text = writeRoomsCursor(places);
        expect(text).toBe(encodeURIComponent(text));
        expect(readRoomsCursor(text)).toEqual(places);
      }),
    );
  });

  it("has room for as many rooms as there may be, with the longest names", () => {
    const places = new Map(
      Array.from({ length: GATEWAY_BOUNDS.rooms }, (_, at) => [
        String(at).padEnd(128, "x"),
        { epoch: "e".repeat(36), seq: Number.MAX_SAFE_INTEGER },
      ]),
    );
    expect(readRoomsCursor(writeRoomsCursor(places))).toEqual(places);
  });

  it("is nothing when anybody else wrote it", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readRoomsCursor(text);
        expect(read === undefined || read.size >= 0).toBe(true);
      }),
    );
    for (const text of ["", "x", btoa('{"a":1}'), btoa('[["a","e",-1]]'), "!".repeat(20_000)]) {
      expect(readRoomsCursor(text)).toBeUndefined();
    }
  });
});
