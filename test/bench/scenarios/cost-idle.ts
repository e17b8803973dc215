import { pause } from "../../support/pause.ts";
import { Crowd } from "../load/crowd.ts";
import { heartbeats } from "../load/heartbeats.ts";
import { addCosts, costOf, MONTH_S, NOTHING_BILLED } from "../prices/cloudflare.ts";
import { idleMonth } from "../prices/idle-month.ts";
import { LIST_PRICES } from "../prices/list-prices.ts";
import { startHibiki } from "../servers/hibiki.ts";
import { startSplit } from "../servers/hibiki-socketio.ts";
import { billed, objectCounts, since, sinceAll, wakesIn } from "../servers/object-counts.ts";
import type { Running, Server } from "../servers/server.ts";
import type { Counts, ObjectCounts } from "../workers/object-counts.ts";
import { withServer } from "./lifetime.ts";
import { type Metered, meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const USERS = 1_000;
const HEARTBEAT_MS = 30_000;
/** Soon enough that one is seen, and long enough that none falls among the comings and goings. */
const COUNTED_SWEEP_MS = 50_000;
const COUNTED_REPORT_MS = 1_000;
/** Beyond the 10 s until an idle room hibernates. */
const ASLEEP_MS = 11_500;
/** From one who comes or goes to the next: reported, and asleep again, as after 43 s by default. */
const APART_MS = COUNTED_REPORT_MS + ASLEEP_MS;
/** After this long a renewed token would have called for its report. */
const RENEWED_MS = 2 * COUNTED_REPORT_MS;
/** From the last one in until only the sweep is left to do, for the shard of the metrics too. */
const REST_MS = 13_000;

const COUNTED = {
  counting: true,
  vars: {
    HEARTBEAT_SWEEP_MS: String(COUNTED_SWEEP_MS),
    METRICS_REPORT_MS: String(COUNTED_REPORT_MS),
  },
};
const MARKS = "one room; asleep but for sweeps, comings and goings; metrics on";

const servers: readonly Server[] = [
  { name: "hibiki", marks: MARKS, start: () => startHibiki({ wire: "json", ...COUNTED }) },
  {
    name: "hibiki-socketio",
    marks: `${MARKS}; clients of Socket.IO, by WebSocket from the first`,
    start: () => startSplit(COUNTED),
  },
];

/** What idle users cost by the platform's prices. */
export const costingIdle: Scenario = {
  name: "cost-idle",
  title: `Cost of ${USERS.toLocaleString("en")} users of one room, idle all month, who each leave and come back once a day`,
  servers,
  columns: [
    { key: "total", label: "$ / month", digits: 3 },
    { key: "hourly", label: "$ / month with tokens of an hour", digits: 2 },
    { key: "visits", label: "$ comings and goings", digits: 3 },
    { key: "sweeps", label: "$ sweeps", digits: 4 },
    { key: "standing", label: "$ the Worker's heartbeats (at most)", digits: 3 },
    { key: "requests", label: "$ object requests", digits: 4 },
    { key: "rows", label: "$ rows", digits: 4 },
    { key: "duration", label: "$ active time", digits: 4 },
    { key: "worker", label: "$ Worker", digits: 4 },
    { key: "visitCalls", label: "requests / leaving and coming", digits: 0 },
    { key: "visitRows", label: "rows written / leaving and coming", digits: 0 },
    { key: "renewalRows", label: "rows written / renewal", digits: 0 },
    { key: "beats", label: "heartbeats in silence", digits: 0 },
    { key: "beatCpuUs", label: "the Worker's CPU µs / heartbeat (at most)", digits: 0 },
    { key: "wakes", label: "wakes in it, but for the sweep", digits: 0 },
    { key: "sweepRows", label: "rows written by the sweep", digits: 0 },
    { key: "joinCpuMs", label: "CPU ms / coming (at most)", digits: 1 },
    { key: "sweepCpuMs", label: "CPU ms / sweep (at most)", digits: 1 },
  ],
  targets: servers.map(({ name }) => ({
    kind: "figure",
    column: "wakes",
    of: name,
    atMost: 0,
    judgedBy: "worst",
    text: `wakes of the room by heartbeats (${name})`,
  })),
  notes: [
    `Counted: heartbeats with one sweep among them, then one user who leaves and comes back, each with a report of its own, and then renews its token, which wakes the room and calls for no report. Reckoned: a sweep every 120 s, and ${(USERS * 2).toLocaleString("en")} comings and goings a day, evenly spread, so that one comes in 43 s and none shares a report, which is the dearest they can be. Two timers are shortened to fit a run (\`METRICS_REPORT_MS=${COUNTED_REPORT_MS}\`, \`HEARTBEAT_SWEEP_MS=${COUNTED_SWEEP_MS}\`).`,
    "The month is that of tokens which last the day. A token of an hour, which is the default, is renewed by a frame an hour, which calls for no report by itself; the room sweeps every 60 s then, by when the next token would end, and each sweep reports the renewals before it.",
    "For clients of Socket.IO the Worker pings, every 25 s by a timer of its own for each, whose CPU is billed as the Worker's: that of its whole process in silence is taken for it, the kernel's included.",
    "The process's whole CPU while all come is taken for the Worker's and for the active time of a coming, of a leaving and of a renewal; its CPU in silence, heartbeats included, for the active time of the sweep. An end of a connection is no request by the price list. Setting an alarm counts as a row written, and rows read are in the price of rows.",
    ...LIST_PRICES.map(({ service, model, source, idleMonth }) => {
      const month = idleMonth(USERS);
      return month === undefined
        ? `${service}, ${model}: has no price for idle connections (${source}).`
        : `${service}, the same month: $${month.toFixed(2)} by its list price, ${model} (${source}).`;
    }),
  ],
  openFiles: 2_500,
  run: (chosen) => withServer(chosen, run),
};

async function run(running: Running): Promise<Sample> {
  const crowd = new Crowd(running.dialect, { readers: USERS, senders: 0, capacity: 1 });
  try {
    const joined = await meter(running, async () => {
      await crowd.join();
      await crowd.settle();
    });
    const silenceMs = COUNTED_SWEEP_MS + ASLEEP_MS - joined.wallMs;
    const [silence, beats] = await Promise.all([
      countSilence(running, silenceMs),
      heartbeats(crowd, HEARTBEAT_MS, silenceMs),
    ]);
    const [{ visit, renewal }] = await Promise.all([
      countOne(running, crowd),
      heartbeats(crowd, HEARTBEAT_MS, 2 * APART_MS + RENEWED_MS),
    ]);
    const { worker } = silence.partsCpuMs;
    return {
      ...reckon(joined.serverCpuMs / USERS, silence, visit, renewal),
      beats,
      ...(worker === undefined ? {} : { beatCpuUs: (worker * 1000) / beats }),
    };
  } finally {
    crowd.leave();
  }
}

/** What happened while the room was left alone, from when it had come to rest. */
async function countSilence(running: Running, forMs: number): Promise<Metered<ObjectCounts>> {
  await pause(REST_MS);
  const before = await objectCounts(running);
  const metered = await meter(running, () => pause(forMs - REST_MS));
  const value = sinceAll(before, await objectCounts(running));
  const { alarms, constructedByAlarm } = value;
  if (alarms !== 1) throw new Error(`${alarms} sweeps were seen, and not one.`);
  if (constructedByAlarm !== 1) throw new Error("The sweep found the room awake.");
  return { ...metered, value };
}

/** What happened when one left and came back, and when it renewed its token. */
async function countOne(
  running: Running,
  crowd: Crowd,
): Promise<{ readonly visit: ObjectCounts; readonly renewal: ObjectCounts }> {
  const last = crowd.members.length - 1;
  const visitor = crowd.members[last];
  if (visitor === undefined) throw new Error("Nobody is there.");
  const before = await objectCounts(running);
  visitor.leave();
  await pause(APART_MS);
  await crowd.joinOne(visitor, last);
  await pause(APART_MS);
  const visited = await objectCounts(running);
  checkVisit(before, visited);
  visitor.connection.send(running.dialect.renewal?.(last) ?? "");
  await pause(RENEWED_MS);
  const renewed = await objectCounts(running);
  checkRenewal(visited, renewed);
  return { visit: sinceAll(before, visited), renewal: sinceAll(visited, renewed) };
}

function checkVisit(before: Counts, after: Counts): void {
  const reports = after.metrics.called - before.metrics.called;
  const { alarms, constructed } = since(before.room, after.room);
  if (reports === 2 && alarms === 2 && constructed === 2) return;
  throw new Error(
    `One left and came back: ${reports} reports, ${alarms} alarms, ${constructed} wakes from sleep, and not 2 of each.`,
  );
}

function checkRenewal(before: Counts, after: Counts): void {
  const reports = after.metrics.called - before.metrics.called;
  const { messages, constructed } = since(before.room, after.room);
  if (messages === 1 && constructed === 1 && reports === 0) return;
  throw new Error(
    `A token was renewed: ${messages} frames, ${constructed} wakes from sleep, ${reports} reports, and not 1, 1 and 0.`,
  );
}

function reckon(
  joinCpuMs: number,
  silence: Metered<ObjectCounts>,
  visit: ObjectCounts,
  renewed: ObjectCounts,
): Sample {
  const renewal = billed(renewed);
  const { worker = 0, rooms = silence.serverCpuMs } = silence.partsCpuMs;
  const sweep = { ...billed(silence.value), activeSeconds: rooms / 1000 };
  const bill = billed(visit);
  const month = idleMonth({ sweep, visit: bill, renewal, joinCpuMs }, USERS);
  const standing = costOf(NOTHING_BILLED, (MONTH_S * 1000) / silence.wallMs, {
    requests: 0,
    cpuMs: worker,
  });
  return {
    ...addCosts(month.all, standing),
    hourly: month.withHourlyTokens.total + standing.total,
    standing: standing.total,
    visits: month.visits.total,
    sweeps: month.sweeps.total,
    visitCalls: bill.calls,
    visitRows: bill.rowsWritten,
    renewalRows: renewal.rowsWritten,
    wakes: wakesIn(silence.value),
    sweepRows: sweep.rowsWritten,
    joinCpuMs,
    sweepCpuMs: rooms,
  };
}
