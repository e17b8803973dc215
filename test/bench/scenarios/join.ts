import { Crowd } from "../load/crowd.ts";
import { millionInLog, reactionsInLog, thousandInLog } from "../servers/hibiki-logs.ts";
import type { Running } from "../servers/server.ts";
import { percentile } from "../statistics.ts";
import { withServer } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const JOINS = 300;
const WARM_UP = 50;
const HISTORY = 50;

/** How long it takes to come in, whatever is in the log. */
export const joining: Scenario = {
  name: "join",
  title: `Join, with ${HISTORY} messages of history, one client after the other`,
  servers: [thousandInLog, millionInLog, reactionsInLog],
  columns: [
    { key: "joinMs", label: "p50 ms to the last byte of `joined_room`", digits: 2 },
    { key: "p99", label: "p99 ms", digits: 2 },
    { key: "cpuMs", label: "server CPU ms / join", digits: 2 },
    { key: "loadCpuMs", label: "load tool CPU ms / join", digits: 2 },
    { key: "firstMs", label: "first join of a cold room ms", digits: 1 },
    { key: "bytes", label: "bytes / join", digits: 0 },
  ],
  targets: [
    {
      kind: "ratio",
      column: "joinMs",
      of: thousandInLog.name,
      to: millionInLog.name,
      atLeast: 1 / 1.2,
      text: "a join with 1,000,000 messages in the log takes the same time as with 1,000, within 20%",
    },
    {
      kind: "ratio",
      column: "cpuMs",
      of: thousandInLog.name,
      to: millionInLog.name,
      atLeast: 1 / 1.2,
      text: "and the same server CPU, within 20%",
    },
    {
      kind: "ratio",
      column: "cpuMs",
      of: thousandInLog.name,
      to: reactionsInLog.name,
      atLeast: 1 / 1.2,
      text: "a join beside 1,000,000 reactions takes the same server CPU as without, within 20%",
    },
  ],
  notes: [
    `${JOINS} joins a run after ${WARM_UP} to warm up; connect, upgrade, token and history included.`,
  ],
  openFiles: 200,
  run: (server) => withServer(server, run),
};

async function run(running: Running): Promise<Sample> {
  const first = await joinOnce(running);
  for (let join = 0; join < WARM_UP; join++) await joinOnce(running);
  const metered = await meter(running, async () => {
    const joins = [];
    for (let join = 0; join < JOINS; join++) joins.push(await joinOnce(running));
    return joins;
  });
  const times = metered.value.map(({ ms }) => ms);
  const sizes = metered.value.map(({ bytes }) => bytes);
  return {
    joinMs: percentile(times, 50),
    p99: percentile(times, 99),
    cpuMs: metered.serverCpuMs / JOINS,
    loadCpuMs: metered.loadCpuMs / JOINS,
    firstMs: first.ms,
    bytes: percentile(sizes, 50),
  };
}

async function joinOnce({ dialect }: Running): Promise<{ ms: number; bytes: number }> {
  // History carries the seeded numbers, which are not sent ones: nothing is ticked off here.
  const crowd = new Crowd(dialect, { readers: 1, senders: 0, capacity: 1 });
  const startedAt = performance.now();
  await crowd.join();
  const ms = performance.now() - startedAt;
  const history = crowd.members[0]?.welcome.split(`"content":`).length ?? 0;
  if (history - 1 !== HISTORY) throw new Error(`${history - 1} messages of history came.`);
  const { bytes } = crowd;
  crowd.leave();
  return { ms, bytes };
}
