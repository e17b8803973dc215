import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RealtimeError, type RoomStatus } from "../../../src/client/index.ts";
import { LateHandle } from "../../../src/react/late-handle.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Opened {
  readonly status: RoomStatus;
  readonly reason: undefined;
}

const OPENED: Opened = { status: "open", reason: undefined };

function opening(open: () => Promise<Opened>) {
  return { open, watch: vi.fn(), leave: vi.fn(async () => {}) };
}

it("asks again for code that could not be had, until it is left", async () => {
  const open = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
  const handle = new LateHandle(opening(open));
  await vi.advanceTimersByTimeAsync(2_500);
  expect([open.mock.calls.length, handle.status]).toEqual([3, "connecting"]);
  await handle.leave();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([open.mock.calls.length, handle.status]).toEqual([3, "closed"]);
});

it("is closed by a refusal, which it tells", async () => {
  const refused = RealtimeError.invalid("conflict", "It is open already.");
  const handle = new LateHandle(opening(() => Promise.reject(refused)));
  await vi.advanceTimersByTimeAsync(0);
  expect([handle.status, handle.reason]).toEqual(["closed", refused]);
});

it("leaves what came when it had been left", async () => {
  const late = opening(async () => OPENED);
  const handle = new LateHandle(late);
  await handle.leave();
  await vi.advanceTimersByTimeAsync(0);
  expect(late.leave).toHaveBeenCalledWith(OPENED);
  expect(late.watch).not.toHaveBeenCalled();
});
