import { expect, it } from "vitest";
import { APP_BOUNDS } from "../../../../src/socketio/app/limits.ts";
import { Readings } from "../../../../src/socketio/app/readings.ts";

const said = (seq: number, content = "Hello") =>
  JSON.stringify({ type: "new_message", seq, payload: { seq, content } });

it("reads what a room tells many once, and what is told in another room by itself", () => {
  const readings = new Readings();
  const first = readings.of("lobby", said(1));
  expect(first.map(({ frame }) => frame.seq)).toEqual([1]);
  expect(readings.of("lobby", said(2))).not.toBe(first);
  expect(readings.of("lobby", said(1))).toBe(first);
  expect(readings.of("hall", said(1))).not.toBe(first);
});

it("keeps what is used and lets go of what is not", () => {
  const readings = new Readings();
  const used = readings.of("lobby", said(0));
  const unused = readings.of("lobby", said(1));
  for (let seq = 2; seq < 2 + APP_BOUNDS.readings; seq++) {
    readings.of("lobby", said(seq));
    expect(readings.of("lobby", said(0))).toBe(used);
  }
  expect(readings.of("lobby", said(1))).not.toBe(unused);
});

it("keeps no more than its bound in all, and nothing that is longer than that", () => {
  const readings = new Readings();
  const half = "x".repeat(APP_BOUNDS.readingsChars / 2);
  const first = readings.of("lobby", said(1, half));
  readings.of("lobby", said(2, half));
  expect(readings.of("lobby", said(1, half))).not.toBe(first);
  const long = "x".repeat(APP_BOUNDS.readingsChars);
  expect(readings.of("lobby", said(3, long))).not.toBe(readings.of("lobby", said(3, long)));
  // It is counted off again: what is short is kept as before.
  expect(readings.of("lobby", said(4))).toBe(readings.of("lobby", said(4)));
});
