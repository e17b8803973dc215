import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RoomStamp } from "../../../src/protocol/room-stamp.ts";

const roomName = fc.string({ unit: "binary", minLength: 1, maxLength: 133 });
const field = fc.constantFrom("type", "payload", "messageId", "timestamp", "seq", "origin");
/** No room says that key: it is refused at the door, and by whoever reads MessagePack. */
const frame = fc
  .dictionary(field, fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 })
  .filter((said) => !JSON.stringify(said).includes("__proto__"));

describe("a room written into what it says", () => {
  it("is one more field of the same object, as text and as bytes", () => {
    fc.assert(
      fc.property(roomName, frame, (room, said) => {
        const stamp = new RoomStamp(room);
        const wanted = JSON.parse(JSON.stringify({ room, ...said }));
        expect(JSON.parse(String(stamp.on(JSON.stringify(said))))).toEqual(wanted);
        const bytes = encode(JSON.parse(JSON.stringify(said)));
        const stamped = stamp.on(
          bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
        );
        expect(decode(stamped as Uint8Array)).toEqual(wanted);
      }),
    );
  });

  it.each(["", "{}", "[1]", '"text"'])("refuses %s, which no room says", (text) => {
    expect(() => new RoomStamp("a").on(text)).toThrow(TypeError);
  });

  it("refuses bytes that are no map of a few fields", () => {
    const wide = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`k${at}`, at]));
    for (const value of [{}, [1], "text", wide]) {
      const bytes = encode(value);
      expect(() => new RoomStamp("a").on(bytes.slice().buffer)).toThrow(TypeError);
    }
  });
});
