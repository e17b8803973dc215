import { paced } from "../load/drive.ts";
import type { Tally } from "../load/tally.ts";
import { LIST_PRICES, perMillion } from "../report/prices.ts";
import { startHibiki } from "../servers/hibiki.ts";
import { roomCounts, since } from "../servers/room-counts.ts";
import type { Server } from "../servers/server.ts";
import { withCrowd } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const PER_SECOND = 10;
const MESSAGES = 200;
const SIZES = [10, 1_000] as const;

const servers = SIZES.map((size) => ({
  size,
  server: {
    name: `hibiki-room-of-${size}`,
    marks: "messages one by one, so none shares a flush",
    start: () => startHibiki({ wire: "json", counting: true }),
  } satisfies Server,
}));

/** What messages cost by the platform's prices. */
export const costing: Scenario = {
  name: "cost",
  title: `Cost of a million messages, from ${MESSAGES} counted at ${PER_SECOND}/s`,
  servers: servers.map(({ server }) => server),
  columns: [
    { key: "total", label: "$ / million messages", digits: 3 },
    { key: "requests", label: "$ requests", digits: 4 },
    { key: "rows", label: "$ rows written", digits: 3 },
    { key: "duration", label: "$ active time", digits: 4 },
    { key: "incomingPerMessage", label: "frames in / message", digits: 2 },
    { key: "rowsPerMessage", label: "rows written / message", digits: 3 },
    { key: "activeMs", label: "active ms / message (at most)", digits: 2 },
    { key: "cpuMs", label: "server CPU ms / message", digits: 2 },
  ],
  targets: [],
  notes: [
    "Frames in, calls, alarms and rows are counted by `workers/counting-room.ts`; active time is from a message's sending to its last delivery as the clients see it, which is more than the object is billed for. Storage ($0.20 a GB and month) is not included, nor what a plan includes for free.",
    ...LIST_PRICES.map(({ service, source, perMillion: price }) => {
      const prices = SIZES.map(
        (size) => `$${price(size).toFixed(2)} in a room of ${size.toLocaleString("en")}`,
      );
      return `${service}, list price of a million messages: ${prices.join(", ")} (${source}).`;
    }),
  ],
  openFiles: 2_500,
  run: (server) => run(server),
};

function run(server: Server): Promise<Sample> {
  const size = servers.find((one) => one.server.name === server.name)?.size ?? 0;
  const crowdSize = { readers: size - 1, senders: 1, capacity: 2 * MESSAGES };
  return withCrowd(server, crowdSize, async (running, crowd) => {
    const { dialect } = running;
    await paced(crowd, dialect, PER_SECOND, { messages: 20, ms: 2_000 });
    const before = await roomCounts(running);
    const from = crowd.tally.sent;
    const bounds = { messages: MESSAGES, ms: (MESSAGES * 1000) / PER_SECOND };
    const metered = await meter(running, () => paced(crowd, dialect, PER_SECOND, bounds));
    const counts = since(before, await roomCounts(running));
    const { sent } = metered.value;
    const activeSeconds = activeMs(crowd.tally, from) / 1000;
    const cost = perMillion({
      messages: sent,
      incoming: counts.messages,
      calls: counts.fetched + counts.alarms,
      rowsWritten: counts.rowsWritten + counts.alarms,
      activeSeconds,
    });
    return {
      ...cost,
      incomingPerMessage: counts.messages / sent,
      rowsPerMessage: counts.rowsWritten / sent,
      activeMs: (activeSeconds * 1000) / sent,
      cpuMs: metered.serverCpuMs / sent,
    };
  });
}

/** Time in which some message was on its way, from the clients' side. */
function activeMs({ dueAt, lastAtOf, sent }: Tally, from: number): number {
  let active = 0;
  let end = 0;
  for (let id = from; id < sent; id++) {
    const start = Math.max(end, dueAt[id] ?? 0);
    end = Math.max(end, lastAtOf[id] ?? 0);
    active += Math.max(0, end - start);
  }
  return active;
}
