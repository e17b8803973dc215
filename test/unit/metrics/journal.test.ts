import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NO_COUNTS } from "../../../src/metrics/counts.ts";
import { type DataPoint, Journal } from "../../../src/metrics/journal.ts";

let points: DataPoint[];
let journal: Journal;
beforeEach(() => {
  points = [];
  journal = new Journal({ writeDataPoint: (point) => points.push(point) });
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const ended = { room: "r", userId: "ada", durationMs: 5, reason: "gone" } as const;

it("writes one line and one point for each connect, disconnect and refusal", () => {
  const connect = { room: "r", userId: "ada", wire: "json", transport: "sse", resuming: false };
  journal.say({ event: "connect", ...connect }, 0);
  journal.say({ event: "disconnect", code: 1000, clean: true, ...ended }, 0);
  journal.say({ event: "abnormal_disconnect", code: 1006, clean: false, ...ended }, 0);
  journal.say({ event: "refused", code: "banned", path: "/v1/rooms/r/ws" }, 0);
  expect(points).toEqual([
    { indexes: ["r"], blobs: ["connect", "sse", "json"], doubles: [] },
    { indexes: ["r"], blobs: ["disconnect", "1000", "gone"], doubles: [5] },
    { indexes: ["r"], blobs: ["abnormal_disconnect", "1006", "gone"], doubles: [5] },
    { indexes: [""], blobs: ["refused", "banned"], doubles: [] },
  ]);
  const lines = vi.mocked(console.log).mock.calls.map(([line]) => JSON.parse(line));
  expect(lines.map(({ event }) => event)).toEqual([
    "connect",
    "disconnect",
    "abnormal_disconnect",
    "refused",
  ]);
});

it("writes one point for a report, and keeps an index within 96 bytes", () => {
  const after = { connections: 2, until: 1 };
  journal.reported("響".repeat(60), {
    counts: { ...NO_COUNTS, messages: 3 },
    gauge: { before: { connections: 0, until: 0 }, after },
  });
  expect(points).toEqual([
    { indexes: ["響".repeat(32)], blobs: ["report"], doubles: [2, 3, 0, 0, 0, 0] },
  ]);
});

it("does without a dataset, and with one that takes no more", () => {
  new Journal(undefined).say({ event: "error", where: "x", message: "y" }, 0);
  const full = new Journal({
    writeDataPoint: () => {
      throw new Error("too many");
    },
  });
  expect(() => full.say({ event: "refused", code: "banned" }, 0)).not.toThrow();
});
