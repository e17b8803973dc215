import { Movers } from "../load/movers.ts";
import { hibikiPresence } from "../servers/hibiki.ts";
import type { Server } from "../servers/server.ts";
import { socketIoVolatile } from "../servers/socket-io.ts";
import { percentile } from "../statistics.ts";
import { withServer } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const PEOPLE = 50;
const PER_SECOND = 30;
const WARM_UP_MS = 2_000;
const MS = 10_000;

/** Live cursors without a game's clock: everybody shows where its own is, and sees all others. */
export const cursors: Scenario = {
  name: "cursors",
  title: `Cursors: ${PEOPLE} people who each move theirs ${PER_SECOND} times a second for ${MS / 1_000} s, told to the ${PEOPLE - 1} others`,
  servers: [hibikiPresence, socketIoVolatile],
  columns: [
    { key: "cpuPercent", label: "server CPU % of a core", digits: 1 },
    { key: "p50", label: "p50 ms", digits: 1 },
    { key: "p95", label: "p95 ms", digits: 1 },
    { key: "p99", label: "p99 ms", digits: 1 },
    { key: "toldPerSecond", label: "positions told / s and person", digits: 0 },
    { key: "kibPerSecond", label: "KiB / s and person", digits: 0 },
    { key: "lost", label: "cursors seen elsewhere than where they stopped", digits: 0 },
    { key: "loadCpuPercent", label: "load tool CPU % of a core", digits: 1 },
    { key: "lateP99", label: "moves late, p99 ms", digits: 1 },
  ],
  targets: [
    {
      kind: "ratio",
      column: "cpuPercent",
      of: socketIoVolatile.name,
      to: hibikiPresence.name,
      atLeast: 1,
      text: "no more server CPU than Socket.IO's volatile events",
    },
    {
      kind: "figure",
      column: "p95",
      of: hibikiPresence.name,
      atMost: 50,
      judgedBy: "median",
      text: "p95 from a move to the others, ms",
    },
    {
      kind: "figure",
      column: "lost",
      of: hibikiPresence.name,
      atMost: 0,
      judgedBy: "worst",
      text: "everybody sees every cursor where it stopped",
    },
  ],
  notes: [
    `Positions of 32 bytes. Whoever moves ${PER_SECOND} times a second has ${(PEOPLE - 1) * PER_SECOND} positions a second to be told of. Hibiki tells all that waits in one message every 33 ms, which is what its p50 is made of; Socket.IO passes each on by itself, at once. Times are of the positions that came: of those that a newer one has replaced there is none.`,
  ],
  openFiles: 2 * PEOPLE + 200,
  run,
};

function run(server: Server): Promise<Sample> {
  return withServer(server, async (running) => {
    const movers = await Movers.gather(running.dialect, PEOPLE);
    try {
      await movers.move(PER_SECOND, WARM_UP_MS);
      const metered = await meter(running, () => movers.move(PER_SECOND, MS));
      const { told, latencies, lateness, lost, bytes } = metered.value;
      return {
        cpuPercent: (100 * metered.serverCpuMs) / MS,
        p50: percentile(latencies, 50),
        p95: percentile(latencies, 95),
        p99: percentile(latencies, 99),
        toldPerSecond: (told * 1_000) / MS / PEOPLE,
        kibPerSecond: (bytes * 1_000) / MS / PEOPLE / 1_024,
        lost,
        loadCpuPercent: (100 * metered.loadCpuMs) / MS,
        lateP99: percentile(lateness, 99),
      };
    } finally {
      movers.leave();
    }
  });
}
