import { type Bounds, type Driven, oneByOne, type Paced, paced } from "../load/drive.ts";
import type { Server } from "../servers/server.ts";
import { percentile } from "../statistics.ts";
import { withCrowd } from "./lifetime.ts";
import { meter, partsEach } from "./meter.ts";
import type { Column, Sample, Scenario, Target } from "./scenario.ts";

/** A load that is not the server's to set. */
export interface Rate {
  readonly name: string;
  readonly title: string;
  readonly servers: readonly Server[];
  readonly readers: number;
  readonly senders: number;
  /** Evenly spaced messages, or one at a time with a pause in between. */
  readonly rhythm:
    | { readonly kind: "paced"; readonly perSecond: number }
    | { readonly kind: "one-by-one"; readonly thinkMs: number };
  readonly warmUp: Bounds;
  readonly bounds: Bounds;
  readonly targets: readonly Target[];
  /** What is to be said of this load. */
  readonly note: string;
  /** Columns beside those of every load. */
  readonly columns?: readonly Column[];
}

/**
 * A whole gap between messages of the paced load: beyond it sends bunch up, and a server that is
 * starved by the load tool, or starves it, is not measured at the load that the title says.
 */
const LATE_MS = 10;

const COLUMNS: readonly Column[] = [
  { key: "p50", label: "p50 ms", digits: 2 },
  { key: "p99", label: "p99 ms", digits: 1 },
  { key: "cpuPerMessage", label: "server CPU ms / message", digits: 2 },
  { key: "loadCpuPerMessage", label: "load tool CPU ms / message", digits: 2 },
  { key: "messages", label: "messages", digits: 0 },
];

const PACE: readonly Column[] = [
  { key: "sentPerSecond", label: "sent / s", digits: 1 },
  { key: "toldPerSecond", label: "told to all / s", digits: 1 },
  { key: "lateP99", label: "sends late, p99 ms", digits: 1, marksAbove: LATE_MS },
];

/** Delivery times and CPU under a given load. */
export function rate(options: Rate): Scenario {
  const { name, title, servers, readers, senders, rhythm, targets, note, columns = [] } = options;
  return {
    name,
    title,
    servers,
    columns: [...COLUMNS, ...(rhythm.kind === "paced" ? PACE : []), ...columns],
    targets,
    notes: [
      "Delivery is timed from when a message was due, so a stall counts for every message that waited.",
      note,
    ],
    openFiles: 2 * (readers + senders) + 200,
    run: (server) => run(server, options),
  };
}

function run(server: Server, options: Rate): Promise<Sample> {
  const { readers, senders, rhythm, warmUp, bounds } = options;
  const capacity = warmUp.messages + bounds.messages + 1;
  return withCrowd(server, { readers, senders, capacity }, async (running, crowd) => {
    const drive = (limits: Bounds): Promise<Driven | Paced> =>
      rhythm.kind === "paced"
        ? paced(crowd, running.dialect, rhythm.perSecond, limits)
        : oneByOne(crowd, running.dialect, rhythm.thinkMs, limits);
    await drive(warmUp);
    const metered = await meter(running, () => drive(bounds));
    const { value } = metered;
    const { sent } = value;
    return {
      p50: percentile(crowd.tally.latencies, 50),
      p99: percentile(crowd.tally.latencies, 99),
      // By message and not by time: a server that falls behind takes longer for the same work.
      cpuPerMessage: metered.serverCpuMs / sent,
      loadCpuPerMessage: metered.loadCpuMs / sent,
      messages: sent,
      ...partsEach(metered.partsCpuMs, sent),
      ...("lateness" in value ? paceOf(value) : {}),
    };
  });
}

function paceOf({ sent, ms, sendingMs, lateness }: Paced): Sample {
  return {
    sentPerSecond: ((sent - 1) * 1000) / sendingMs,
    toldPerSecond: (sent * 1000) / ms,
    lateP99: percentile(lateness, 99),
  };
}
