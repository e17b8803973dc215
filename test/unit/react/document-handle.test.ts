import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RealtimeError } from "../../../src/client/index.ts";
import { DocumentHandle } from "../../../src/react/document-handle.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("asks again for code that could not be had, until it is left", async () => {
  const open = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
  const handle = new DocumentHandle(open);
  await vi.advanceTimersByTimeAsync(2_500);
  expect([open.mock.calls.length, handle.status]).toEqual([3, "connecting"]);
  await handle.leave();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([open.mock.calls.length, handle.status]).toEqual([3, "closed"]);
});

it("is closed by a refusal, which it tells", async () => {
  const refused = RealtimeError.invalid("conflict", "It is open already.");
  const handle = new DocumentHandle(() => Promise.reject(refused));
  await vi.advanceTimersByTimeAsync(0);
  expect([handle.status, handle.reason]).toEqual(["closed", refused]);
});
