import fc from "fast-check";
import { createEncoder, toUint8Array } from "lib0/encoding";
import { describe, expect, it } from "vitest";
import { writePermissionDenied as writeStockDenied } from "y-protocols/auth";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";
import {
  readMessage,
  writeAwareness,
  writePermissionDenied,
  writeQueryAwareness,
  writeSyncStep1,
  writeSyncStep2,
  writeUpdate,
} from "../../../src/document/wire.ts";

const SOME = Uint8Array.of(0, 1, 2, 250);

describe("the y-websocket wire", () => {
  it.each([
    [writeSyncStep1(SOME), { type: "sync_step_1", vector: SOME }],
    [writeSyncStep2(SOME), { type: "sync_step_2", update: SOME }],
    [writeUpdate(SOME), { type: "update", update: SOME }],
    [writeAwareness(SOME), { type: "awareness", awareness: SOME }],
    [writePermissionDenied("no ünïcorns"), { type: "permission_denied", reason: "no ünïcorns" }],
    [writeQueryAwareness(), { type: "query_awareness" }],
  ])("reads what it writes (case %#)", (frame, message) => {
    expect(readMessage(frame)).toEqual({ ok: true, message });
  });

  it("writes what y-protocols writes", () => {
    const doc = new Y.Doc();
    doc.getText("t").insert(0, "hello");
    const stock = (write: (encoder: ReturnType<typeof createEncoder>) => void) => {
      const encoder = createEncoder();
      write(encoder);
      return [...toUint8Array(encoder)];
    };
    const update = Y.encodeStateAsUpdate(doc);
    const step1 = stock((encoder) => sync.writeSyncStep1(encoder, doc));
    const step2 = stock((encoder) => sync.writeSyncStep2(encoder, doc, Uint8Array.of(0)));
    expect([...writeSyncStep1(Y.encodeStateVector(doc))]).toEqual([0, ...step1]);
    expect([...writeSyncStep2(update)]).toEqual([0, ...step2]);
    expect([...writeUpdate(update)]).toEqual([
      0,
      ...stock((encoder) => sync.writeUpdate(encoder, update)),
    ]);
    expect([...writePermissionDenied("why")]).toEqual([
      2,
      ...stock((encoder) => writeStockDenied(encoder, "why")),
    ]);
  });

  it.each([
    ["nothing", []],
    ["an unknown message", [9]],
    ["an unknown sync message", [0, 7, 0]],
    ["an unknown auth message", [2, 1, 0]],
    ["a length beyond its end", [0, 2, 200, 1, 5]],
    ["a length without an end", [0, 2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]],
    ["a length of zeros without an end", [0, 2, ...Array<number>(40).fill(128)]],
    ["a second message behind the first", [0, 2, 0, 0, 2, 0]],
    ["a reason that is not UTF-8", [2, 0, 1, 0xff]],
  ])("refuses %s", (_, frame) => {
    expect(readMessage(Uint8Array.from(frame))).toMatchObject({ ok: false });
  });

  it("throws on no bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (frame) => {
        readMessage(frame);
      }),
    );
  });
});
