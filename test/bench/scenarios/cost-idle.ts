import { pause } from "../../support/pause.ts";
import { Crowd } from "../load/crowd.ts";
import { heartbeats } from "../load/heartbeats.ts";
import { idleMonth, LIST_PRICES } from "../report/prices.ts";
import { startHibiki } from "../servers/hibiki.ts";
import { roomCounts, since } from "../servers/room-counts.ts";
import type { Running, Server } from "../servers/server.ts";
import { withServer } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const USERS = 1_000;
const HEARTBEAT_MS = 30_000;
/** Often enough to be counted, and seldom enough that the room sleeps in between. */
const COUNTED_SWEEP_MS = 15_000;
const DEFAULT_SWEEP_MS = 120_000;
const WINDOW_MS = 62_000;

const server: Server = {
  name: "hibiki",
  marks: "one room; asleep between sweeps",
  start: () =>
    startHibiki({
      wire: "json",
      counting: true,
      vars: { HEARTBEAT_SWEEP_MS: String(COUNTED_SWEEP_MS) },
    }),
};

/** What idle users cost by the platform's prices. */
export const costingIdle: Scenario = {
  name: "cost-idle",
  title: `Cost of ${USERS.toLocaleString("en")} users who are connected and idle all month, in one room`,
  servers: [server],
  columns: [
    { key: "total", label: "$ / month", digits: 4 },
    { key: "requests", label: "$ requests", digits: 4 },
    { key: "rows", label: "$ rows written", digits: 4 },
    { key: "duration", label: "$ active time", digits: 4 },
    { key: "sweeps", label: "sweeps counted", digits: 0 },
    { key: "constructed", label: "wakes from hibernation", digits: 0 },
    { key: "messages", label: "frames that woke the room", digits: 0 },
    { key: "cpuMs", label: "server CPU ms / sweep (at most)", digits: 1 },
  ],
  targets: [],
  notes: [
    `Counted over ${WINDOW_MS / 1000} s with a sweep every ${COUNTED_SWEEP_MS / 1000} s, and reckoned for the default of ${DEFAULT_SWEEP_MS / 1000} s; the process's whole CPU, heartbeats included, is taken for active time. Setting an alarm counts as a row written. Each user connects once a day.`,
    ...LIST_PRICES.flatMap(({ service, idleMonth: price, source }) => {
      const month = price(USERS);
      return month === undefined
        ? []
        : [`${service}, list price of the same month: $${month.toFixed(2)} (${source}).`];
    }),
  ],
  openFiles: 2_500,
  run: (chosen) => withServer(chosen, run),
};

async function run(running: Running): Promise<Sample> {
  const crowd = new Crowd(running.dialect, { readers: USERS, senders: 0, capacity: 1 });
  try {
    await crowd.join();
    await crowd.settle();
    await pause(COUNTED_SWEEP_MS);
    const before = await roomCounts(running);
    const metered = await meter(running, () => heartbeats(crowd, HEARTBEAT_MS, WINDOW_MS));
    const { alarms, rowsWritten, constructed, messages } = since(before, await roomCounts(running));
    if (alarms === 0) throw new Error("No sweep was seen.");
    const sweep = {
      rowsWritten: rowsWritten / alarms + 1,
      activeSeconds: metered.serverCpuMs / 1000 / alarms,
    };
    return {
      ...idleMonth(sweep, DEFAULT_SWEEP_MS, USERS),
      sweeps: alarms,
      constructed,
      messages,
      cpuMs: metered.serverCpuMs / alarms,
    };
  } finally {
    crowd.leave();
  }
}
