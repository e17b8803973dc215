import { type Bounds, paced } from "../load/drive.ts";
import { hibikiPublish, hibikiPublishUnechoed } from "../servers/hibiki.ts";
import type { Server } from "../servers/server.ts";
import { percentile } from "../statistics.ts";
import { withCrowd } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Column, Sample, Scenario } from "./scenario.ts";

/** Values published a second, in all. */
const PER_SECOND = 3_000;
/** Who only watch: delivery is timed at them. */
const WATCHERS = 10;
const WARM_UP: Bounds = { messages: 3_000, ms: 2_000 };
const BOUNDS: Bounds = { messages: 12_000, ms: 4_000 };

const COLUMNS: readonly Column[] = [
  { key: "cpuPerDelivery", label: "server CPU µs / delivered", digits: 3 },
  { key: "cleanPerDelivery", label: "the same, all published by one", digits: 3 },
  { key: "ratio", label: "×", digits: 2 },
  { key: "p50", label: "p50 ms", digits: 1 },
  { key: "p99", label: "p99 ms", digits: 1 },
  { key: "loadCpuPerDelivery", label: "load tool CPU µs / delivered", digits: 3 },
];

/** Live cursors: everybody publishes, and hears all but what is their own. */
export function publishing(people: number): Scenario {
  return {
    name: `publish-${people}`,
    title: `Publish: ${people} people who all publish, ${PER_SECOND} values/s in all, told to the others and to ${WATCHERS} who watch`,
    servers: [hibikiPublish, hibikiPublishUnechoed],
    columns: COLUMNS,
    targets: [
      {
        kind: "figure",
        column: "ratio",
        of: hibikiPublish.name,
        atMost: 1.2,
        judgedBy: "median",
        text: `server CPU of a delivery when all ${people} publish, against one who publishes as much`,
      },
    ],
    notes: [
      "Both loads in one run, each with a server of its own. Values of 100 bytes, not conflated; nobody is shown their own.",
    ],
    openFiles: 2 * people + 200,
    run: async (server) => {
      const clean = await measure(server, people, 1);
      const all = await measure(server, people, people);
      return {
        ...all,
        cleanPerDelivery: clean["cpuPerDelivery"] ?? Number.NaN,
        ratio: (all["cpuPerDelivery"] ?? 0) / (clean["cpuPerDelivery"] ?? 0),
      };
    },
  };
}

function measure(server: Server, people: number, publishers: number): Promise<Sample> {
  const size = {
    readers: people - publishers + WATCHERS,
    senders: publishers,
    capacity: WARM_UP.messages + BOUNDS.messages + 1,
  };
  return withCrowd(server, size, async (running, crowd) => {
    await paced(crowd, running.dialect, PER_SECOND, WARM_UP);
    const metered = await meter(running, () => paced(crowd, running.dialect, PER_SECOND, BOUNDS));
    const { delivered } = metered.value;
    return {
      cpuPerDelivery: (metered.serverCpuMs * 1000) / delivered,
      loadCpuPerDelivery: (metered.loadCpuMs * 1000) / delivered,
      p50: percentile(crowd.tally.latencies, 50),
      p99: percentile(crowd.tally.latencies, 99),
    };
  });
}
