import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type DataPoint, Journal } from "../../../src/metrics/journal.ts";
import { RoomJournal } from "../../../src/objects/room-journal.ts";
import { CLOSES } from "../../../src/protocol/close.ts";
import type { Session } from "../../../src/room/connections/connection.ts";

const session: Session = {
  userId: "ada",
  name: "Ada",
  permissions: ["read"],
  expiresAt: 60_000,
  wire: "json",
  transport: "websocket",
  address: "a",
  connectedAt: 0,
};

let points: DataPoint[];
let journal: RoomJournal;
beforeEach(() => {
  points = [];
  const dataset = { writeDataPoint: (point: DataPoint) => points.push(point) };
  journal = new RoomJournal("r", new Journal(dataset), () => 5);
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The reason in the log, and the one in the dataset. */
function told(): readonly unknown[] {
  const [line] = vi.mocked(console.log).mock.calls.map(([text]) => JSON.parse(text));
  return [line.reason, points[0]?.blobs[2]];
}

it.each([
  ["eyJhbGciOiJIUzI1NiJ9.secret", 4000, true, "closed by the client"],
  ["", 1005, true, "closed by the client"],
  ["toString", 1000, true, "closed by the client"],
  ["a message's content", 1006, false, "connection lost"],
])("never repeats what a peer says at its close: %j", (reason, code, clean, expected) => {
  journal.ended(session, { code, clean }, reason);
  expect(told()).toEqual([expected, expected]);
});

it.each<[string, number, boolean]>([
  ...Object.values(CLOSES).map(({ reason, code, clean }): [string, number, boolean] => [
    reason,
    code,
    clean,
  ]),
  ["token_expired", 4401, true],
  ["internal", 1011, false],
])("tells our own reason: %s", (reason, code, clean) => {
  journal.ended(session, { code, clean }, reason);
  expect(told()).toEqual([reason, reason]);
});
