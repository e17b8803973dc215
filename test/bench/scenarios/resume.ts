import { until } from "../../support/until.ts";
import type { Crowd } from "../load/crowd.ts";
import { CONTENT_BYTES } from "../load/drive.ts";
import { requireExactlyOnce } from "../load/exactly-once.ts";
import { contentOf } from "../load/message.ts";
import { hibiki } from "../servers/hibiki.ts";
import { hibikiDialect } from "../servers/hibiki-dialect.ts";
import type { Running } from "../servers/server.ts";
import { withCrowd } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const CLIENTS = 1_000;
const BEFORE_CUT = 10;
const MISSED = 200;
const TIMEOUT_MS = 60_000;
const SIZE = { readers: CLIENTS, senders: 1, capacity: BEFORE_CUT + MISSED };

/** Everyone is cut off at once, misses something, and comes back at once. */
export const resuming: Scenario = {
  name: "resume",
  title: `Resume: ${CLIENTS} clients cut at once, ${MISSED} events missed each, all back at once`,
  servers: [hibiki],
  columns: [
    { key: "backMs", label: "ms until all have everything", digits: 0 },
    { key: "cpuMs", label: "server CPU ms", digits: 0 },
    { key: "bytes", label: "bytes / client", digits: 0 },
    { key: "lost", label: "events lost or doubled", digits: 0 },
    { key: "unrecovered", label: "clients that had to start anew", digits: 0 },
    { key: "loadCpuMs", label: "load tool CPU ms", digits: 0 },
  ],
  targets: [
    {
      kind: "figure",
      column: "lost",
      of: hibiki.name,
      atMost: 0,
      judgedBy: "worst",
      text: "events lost or doubled over a resume of everyone",
    },
    {
      kind: "figure",
      column: "unrecovered",
      of: hibiki.name,
      atMost: 0,
      judgedBy: "worst",
      text: "clients that had to start anew",
    },
  ],
  notes: [
    "All connect in the same moment, with tokens to verify; whoever comes is also told who else does.",
  ],
  openFiles: 2 * CLIENTS + 200,
  run: (server) => withCrowd(server, SIZE, run),
};

async function run(running: Running, crowd: Crowd): Promise<Sample> {
  await send(crowd, running, BEFORE_CUT);
  await untilWhole(crowd);
  const readers = crowd.members.filter(({ sender }) => sender === undefined);
  for (const reader of readers) reader.leave();
  // The sender hears them leave.
  await crowd.settle();
  await send(crowd, running, MISSED);
  const back = hibikiDialect(running.port, { wire: "json", query: cursorOf(crowd) });
  const metered = await meter(running, async () => {
    await Promise.all(
      crowd.members.map((member, index) =>
        member.sender === undefined ? crowd.joinOne(member, index, back) : undefined,
      ),
    );
    await untilWhole(crowd);
  });
  const anew = readers.filter(({ welcome }) => !welcome.includes(`"recovered":true`)).length;
  const { tally, members } = crowd;
  if (anew > 0) throw new Error(`${anew} of ${CLIENTS} clients had to start anew.`);
  return {
    backMs: metered.wallMs,
    cpuMs: metered.serverCpuMs,
    bytes: readers.reduce((sum, { connection }) => sum + connection.bytes, 0) / CLIENTS,
    lost: tally.sent * members.length - tally.delivered + tally.duplicates,
    unrecovered: anew,
    loadCpuMs: metered.loadCpuMs,
  };
}

/** The room is fresh, so its head is the number of messages; the epoch stands in `joined_room`. */
function cursorOf({ members }: Crowd): string {
  const epoch = /"epoch":"([^"]+)"/.exec(members[0]?.welcome ?? "")?.[1];
  if (epoch === undefined) throw new Error("No epoch in joined_room.");
  return `since=${BEFORE_CUT}&epoch=${epoch}`;
}

async function send({ tally, senders }: Crowd, { dialect }: Running, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const id = tally.next(0, performance.now());
    senders[0]?.connection.send(dialect.message(id, contentOf(id, CONTENT_BYTES)));
  }
  await until(() => tally.answered + tally.refused >= tally.sent, TIMEOUT_MS);
}

async function untilWhole(crowd: Crowd): Promise<void> {
  const { tally, members } = crowd;
  const isWhole = () => tally.delivered + tally.duplicates >= tally.sent * members.length;
  await until(isWhole, TIMEOUT_MS);
  requireExactlyOnce(crowd);
}
