import { type Bounds, saturate } from "../load/drive.ts";
import type { Server } from "../servers/server.ts";
import { percentile } from "../statistics.ts";
import { withCrowd } from "./lifetime.ts";
import { meter, partsEach } from "./meter.ts";
import type { Column, Sample, Scenario, Target } from "./scenario.ts";

/** A saturated fan-out. */
export interface FanOut {
  readonly name: string;
  readonly title: string;
  readonly servers: readonly Server[];
  readonly readers: number;
  readonly senders: number;
  readonly inFlight: number;
  readonly warmUp: number;
  readonly bounds: Bounds;
  readonly targets: readonly Target[];
  /** Columns and sentences beside those of every fan-out. */
  readonly more?: { readonly columns: readonly Column[]; readonly notes: readonly string[] };
}

const COLUMNS: readonly Column[] = [
  { key: "cpuPerDelivery", label: "server CPU µs / delivered", digits: 2 },
  { key: "loadCpuPerDelivery", label: "load tool CPU µs / delivered", digits: 2 },
  { key: "deliveriesPerSecond", label: "delivered / s", digits: 0 },
  { key: "messages", label: "messages", digits: 0 },
  { key: "p50", label: "p50 ms", digits: 0 },
  { key: "p99", label: "p99 ms", digits: 0 },
];

/** Senders that always have `inFlight` messages unanswered, to readers and to each other. */
export function fanOut(options: FanOut): Scenario {
  const { name, title, servers, readers, senders, targets, more } = options;
  return {
    name,
    title,
    servers,
    columns: [...COLUMNS, ...(more?.columns ?? [])],
    targets,
    notes: [
      "Senders read too. Every copy is ticked off at every reader: a run with a lost or doubled message fails.",
      ...(more?.notes ?? []),
    ],
    openFiles: 2 * (readers + senders) + 200,
    run: (server) => run(server, options),
  };
}

function run(server: Server, options: FanOut): Promise<Sample> {
  const { readers, senders, inFlight, warmUp, bounds } = options;
  const capacity = warmUp + bounds.messages + senders;
  return withCrowd(server, { readers, senders, capacity }, async (running, crowd) => {
    const { dialect } = running;
    await saturate(crowd, dialect, 2, { messages: warmUp, ms: bounds.ms });
    const metered = await meter(running, () => saturate(crowd, dialect, inFlight, bounds));
    const { delivered, sent, ms } = metered.value;
    return {
      cpuPerDelivery: (metered.serverCpuMs * 1000) / delivered,
      loadCpuPerDelivery: (metered.loadCpuMs * 1000) / delivered,
      deliveriesPerSecond: (delivered * 1000) / ms,
      messages: sent,
      p50: percentile(crowd.tally.latencies, 50),
      p99: percentile(crowd.tally.latencies, 99),
      ...partsEach(metered.partsCpuMs, delivered / 1000),
    };
  });
}
