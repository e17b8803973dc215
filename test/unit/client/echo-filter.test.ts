import { beforeEach, expect, it } from "vitest";
import { EchoFilter } from "../../../src/client/echo-filter.ts";
import type { IncomingFrame } from "../../../src/client/frame-reader.ts";
import type { ClientFrame } from "../../../src/protocol/client-frame.ts";
import { frame, joined } from "./support/scene.ts";

let nowMs = 0;
let filter: EchoFilter;

beforeEach(() => {
  nowMs = 0;
  filter = new EchoFilter(() => nowMs);
  passes(joined());
});

function say(type: string, payload: unknown, more: object = {}): void {
  filter.said({ type, payload, ...more } as unknown as ClientFrame);
}

function passes(told: object): boolean {
  return filter.passes(told as IncomingFrame);
}

function hover(payload: object, userId = "ann", more: object = {}): object {
  return frame("hover", payload, { userId, ...more });
}

it("keeps what this user signals from it, once, however the room puts its keys", () => {
  say("hover", { at: 1, of: { x: 1, y: [{ b: 1, a: 2 }] } });
  const told = hover({ of: { y: [{ a: 2, b: 1 }], x: 1 }, at: 1 });
  expect([passes(told), passes(told)]).toEqual([false, true]);
});

it("keeps what this user publishes from it", () => {
  say("publish", { event: "load", data: 1 });
  const told = (data: number) => frame("event", { event: "load", data, userId: "ann" });
  expect([told(2), told(1), told(1)].map(passes)).toEqual([true, false, true]);
});

it.each([
  ["somebody else's", hover({ at: 1 }, "bob")],
  ["another value", hover({ at: 2 })],
  ["a list in another order", hover({ at: [2, 1] })],
  ["another signal", frame("press", { at: 1 }, { userId: "ann" })],
  ["what is stored", hover({ at: 1 }, "ann", { seq: 1 })],
])("lets %s pass", (_, told) => {
  say("hover", { at: 1 });
  say("hover", { at: [1, 2] });
  expect(passes(told)).toBe(true);
});

it("expects no echo of what is stored, and none for longer than one takes", () => {
  say("hover", { at: 1 }, { messageId: "m-1" });
  expect(passes(hover({ at: 1 }))).toBe(true);
  say("hover", { at: 1 });
  nowMs += 10_000;
  expect(passes(hover({ at: 1 }))).toBe(true);
});
