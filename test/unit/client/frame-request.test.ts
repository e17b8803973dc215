import { expect, it } from "vitest";
import { frameRequest } from "../../../src/client/frame-request.ts";
import type { ClientFrame } from "../../../src/protocol/client-frame.ts";

/** An event of a team's own kind, which no table of the protocol's has. */
const event = (messageId: string, payload: unknown) =>
  ({ type: "vote", messageId, payload }) as unknown as ClientFrame;

it("has an event's key in a header, and its payload as the whole body", () => {
  expect(frameRequest(event("m-1", { option: "soup" }))).toEqual({
    method: "POST",
    path: "events/vote",
    headers: { "idempotency-key": "m-1" },
    body: { option: "soup" },
  });
});

it("has a key that no header can carry in the body, where the room takes it out again", () => {
  expect(frameRequest(event("für später", { option: "soup" }))).toEqual({
    method: "POST",
    path: "events/vote",
    body: { option: "soup", messageId: "für später" },
  });
});

it("has a signal as it is, which no key goes along with", () => {
  const hover = { type: "ho/ver", payload: { at: [1] } } as unknown as ClientFrame;
  expect(frameRequest(hover)).toEqual({
    method: "POST",
    path: "signals/ho%2Fver",
    body: { at: [1] },
  });
});

it("is none for what HTTP has no way to say", () => {
  expect(frameRequest({ type: "presence", payload: { data: 1 } })).toBeUndefined();
  expect(frameRequest({ type: "typing_start" })).toBeUndefined();
});
