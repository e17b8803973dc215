import { pause } from "../../support/pause.ts";
import type { Crowd } from "../load/crowd.ts";
import { paced } from "../load/drive.ts";
import type { Tally } from "../load/tally.ts";
import { costOf, MONTH_S } from "../prices/cloudflare.ts";
import { LIST_PRICES } from "../prices/list-prices.ts";
import { startHibiki } from "../servers/hibiki.ts";
import { startSplit } from "../servers/hibiki-socketio.ts";
import { billed, objectCounts, sinceAll } from "../servers/object-counts.ts";
import type { Running, Server } from "../servers/server.ts";
import { withCrowd } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const MILLION = 1e6;
/** The meter counts ticks of 10 ms: of fewer than ten of them there is no figure. */
const READABLE_CPU_MS = 100;
/** The default of METRICS_REPORT_MS: what happens in this time shares a report. */
const REPORT_MS = 8_000;
/** From when a report is due until it is written down. */
const WRITTEN_MS = 700;
const WARM_UP = { messages: 10, ms: 1_000 };
const SIZES = [10, 1_000] as const;

/** How often messages come. */
interface Rate {
  readonly name: string;
  readonly perSecond: number;
  /** How many are sent: all before the report is due that they share. */
  readonly messages: number;
}

const RATES: readonly Rate[] = [
  { name: "10-a-second", perSecond: 10, messages: 75 },
  { name: "one-in-10-s", perSecond: 0.1, messages: 1 },
];

/** Who is told: clients of Hibiki, or of Socket.IO, through a Worker that is counted by itself. */
const READERS = [
  {
    name: "hibiki",
    marks: "",
    start: () => startHibiki({ wire: "json", counting: true }),
  },
  {
    name: "hibiki-socketio",
    marks: "; clients of Socket.IO",
    start: () => startSplit({ counting: true }),
  },
  {
    name: "hibiki-socketio-values",
    marks: "; clients of Socket.IO, values of `publish` that are not stored",
    start: () => startSplit({ counting: true, says: "values" }),
  },
] as const;

const rooms = READERS.flatMap(({ name, marks, start }) =>
  SIZES.flatMap((size) =>
    RATES.map((rate) => ({
      size,
      rate,
      server: {
        name: `${name}-room-of-${size}-${rate.name}`,
        marks: `metrics on, as by default; messages one by one, so none shares a flush${marks}`,
        start,
      } satisfies Server,
    })),
  ),
);

/** What messages cost by the platform's prices. */
export const costing: Scenario = {
  name: "cost",
  title:
    "Cost of a million messages, counted over one report of the metrics, by size of the room and rate",
  servers: rooms.map(({ server }) => server),
  columns: [
    { key: "total", label: "$ / million messages", digits: 3 },
    { key: "perDelivery", label: "$ / million deliveries", digits: 5 },
    { key: "month", label: "$ / month at this rate", digits: 2 },
    { key: "requests", label: "$ requests", digits: 4 },
    { key: "rows", label: "$ rows", digits: 3 },
    { key: "duration", label: "$ active time", digits: 4 },
    { key: "worker", label: "$ Worker (at most)", digits: 3 },
    { key: "messages", label: "messages counted", digits: 0 },
    { key: "incomingPerMessage", label: "frames in / message", digits: 2 },
    { key: "callsPerMessage", label: "alarms and RPC / message", digits: 3 },
    { key: "rowsPerMessage", label: "rows written / message, alarms set among them", digits: 3 },
    { key: "alarmsSetPerMessage", label: "alarms set / message", digits: 3 },
    { key: "rowsReadPerMessage", label: "rows read / message", digits: 2 },
    { key: "activeMs", label: "active ms / message (at most)", digits: 2 },
    { key: "cpuMs", label: "server CPU ms / message", digits: 2 },
  ],
  targets: [],
  notes: [
    `Frames in, calls, alarms and rows of the room and of its metrics shard are counted by \`workers/counting-objects.ts\`, from silence until the report of ${REPORT_MS / 1000} s later is written. A room in which something happens pays for one report in that time, however many messages share it: ${RATES.map(({ name, messages }) => `${messages} at ${name}`).join(", ")}. The shard has only this room; where rooms share one, they share its row.`,
    "Active time is from a message's sending to its last delivery as the clients see it, and what alarms and RPC waited for: more than the objects are billed for. The Worker has no part in messages of Hibiki's own clients: it is through when the upgrade is answered. Those of Socket.IO are told by the Worker: the CPU of its whole process is taken for that, the kernel's and its pings included. Setting an alarm counts as a row written, and rows read are in the price of rows. The sweep for dead peers (an alarm and a row every 120 s: `cost-idle`) and storage ($0.20 a GB and month) are not included, nor what a plan includes for free.",
    ...LIST_PRICES.map(({ service, model, source, perMillion }) => {
      const prices = SIZES.map(
        (size) => `$${perMillion(size).toFixed(2)} in a room of ${size.toLocaleString("en")}`,
      );
      return `${service}, a million stored messages: ${prices.join(", ")} by its list price, ${model} (${source}).`;
    }),
  ],
  openFiles: 2_500,
  run,
};

function run(server: Server): Promise<Sample> {
  const room = rooms.find((one) => one.server.name === server.name);
  if (room === undefined) throw new Error(`No room is called ${server.name}.`);
  const { size, rate } = room;
  const capacity = WARM_UP.messages + rate.messages;
  const crowdSize = { readers: size - 1, senders: 1, capacity };
  return withCrowd(server, crowdSize, (running, crowd) => measure(running, crowd, rate));
}

async function measure(running: Running, crowd: Crowd, rate: Rate): Promise<Sample> {
  const { dialect } = running;
  await paced(crowd, dialect, 10, WARM_UP);
  await pause(REPORT_MS + WRITTEN_MS);
  const before = await objectCounts(running);
  const from = crowd.tally.sent;
  const copiesBefore = crowd.copies;
  const metered = await meter(running, async () => {
    const reported = pause(REPORT_MS + WRITTEN_MS);
    const { messages, perSecond } = rate;
    const bounds = { messages, ms: (messages * 1000) / perSecond };
    const { sent } = await paced(crowd, dialect, perSecond, bounds);
    await reported;
    return sent;
  });
  const after = await objectCounts(running);
  const reports = after.metrics.called - before.metrics.called;
  if (reports !== 1) throw new Error(`${reports} reports told of the messages, and not one.`);
  const counts = sinceAll(before, after);
  const sent = metered.value;
  const bill = billed(counts);
  const activeSeconds = bill.activeSeconds + deliveryMs(crowd.tally, from) / 1000;
  const cpuMs = metered.partsCpuMs["worker"] ?? 0;
  const cost = costOf({ ...bill, activeSeconds }, MILLION / sent, { requests: 0, cpuMs });
  return {
    ...cost,
    perDelivery: (cost.total * sent) / (crowd.copies - copiesBefore),
    month: (cost.total * rate.perSecond * MONTH_S) / MILLION,
    messages: sent,
    incomingPerMessage: bill.incoming / sent,
    callsPerMessage: bill.calls / sent,
    rowsPerMessage: bill.rowsWritten / sent,
    alarmsSetPerMessage: counts.alarmsSet / sent,
    rowsReadPerMessage: bill.rowsRead / sent,
    activeMs: (activeSeconds * 1000) / sent,
    ...(metered.serverCpuMs >= READABLE_CPU_MS ? { cpuMs: metered.serverCpuMs / sent } : {}),
  };
}

/** Time in which some message was on its way, from the clients' side. */
function deliveryMs({ dueAt, lastAtOf, sent }: Tally, from: number): number {
  let active = 0;
  let end = 0;
  for (let id = from; id < sent; id++) {
    const start = Math.max(end, dueAt[id] ?? 0);
    end = Math.max(end, lastAtOf[id] ?? 0);
    active += Math.max(0, end - start);
  }
  return active;
}
