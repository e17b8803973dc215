import { pause } from "../../support/pause.ts";
import { Crowd } from "../load/crowd.ts";
import { heartbeats } from "../load/heartbeats.ts";
import { startHibiki } from "../servers/hibiki.ts";
import { roomCounts, since, wakesIn } from "../servers/object-counts.ts";
import type { Running, Server } from "../servers/server.ts";
import { socketIo } from "../servers/socket-io.ts";
import { cloudflareChat } from "../servers/workers.ts";
import { ws } from "../servers/ws.ts";
import { withServer } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const CONNECTIONS = 5_000;
const HEARTBEAT_MS = 30_000;
const WINDOW_MS = 60_000;
/**
 * Beyond the alarm that reports metrics, up to 8 s after the last join, and the platform's 10 s until
 * an idle room hibernates. The same for all.
 */
const REST_MS = 25_000;
const PONG_BYTES = 2 + `{"type":"pong"}`.length;

const everyoneNew: Server = {
  name: "hibiki",
  marks: "every connection is a user of its own",
  isOurs: true,
  start: (bundle) => startHibiki({ wire: "json", counting: true, bundle }),
};
const oneUser: Server = {
  name: "hibiki-one-user",
  marks: "every connection is of one user",
  isOurs: true,
  start: (bundle) => startHibiki({ wire: "json", counting: true, oneUser: true, bundle }),
};
const COUNTED = [everyoneNew, oneUser];

/** What connections cost that do nothing. */
export const idling: Scenario = {
  name: "idle",
  title: `${CONNECTIONS.toLocaleString("en")} idle connections at rest, then, for Hibiki, ${WINDOW_MS / 1000} s of heartbeats`,
  servers: [...COUNTED, socketIo, ws, cloudflareChat],
  columns: [
    { key: "kibPerConnection", label: "memory KiB / connection", digits: 1 },
    { key: "joinSeconds", label: "s to let all in", digits: 1 },
    { key: "cpuPercent", label: "server CPU % of a core in the window", digits: 2 },
    { key: "loadCpuPercent", label: "load tool CPU % of a core in the window", digits: 2 },
    { key: "beats", label: "heartbeats", digits: 0 },
    { key: "wakes", label: "wakes of the room", digits: 0 },
    { key: "alarms", label: "alarms of the sweep", digits: 0 },
  ],
  targets: COUNTED.map(({ name }) => ({
    kind: "figure",
    column: "wakes",
    of: name,
    atMost: 0,
    judgedBy: "worst",
    text: `wakes of the room in ${WINDOW_MS / 1000} s of heartbeats (${name})`,
  })),
  notes: [
    `Memory is the growth of the server's proportional set size (\`Pss\` of \`/proc/<pid>/smaps_rollup\`, over all its processes) from the started server to all connected and ${REST_MS / 1000} s of rest, over the connections.`,
    "A room of Hibiki tells everyone of each user who comes. With a user for each connection that is 12.5 million notices while they join, and what memory they leave behind is in the figure; `hibiki-one-user` is the connections by themselves, as the peers have them.",
    "Wakes are counted by an entry in front of the shipped bundle (`workers/counting-objects.ts`): constructor, requests, RPC, messages, closes and errors; a construction for an alarm is the alarm's. The sweep for dead peers is an alarm every 120 s by design and stands by itself. Clients send a heartbeat every 30 s, and each must be answered.",
  ],
  openFiles: CONNECTIONS + 500,
  run: (server) => withServer(server, (running) => run(running, server.isOurs === true)),
};

async function run(running: Running, isCounted: boolean): Promise<Sample> {
  await pause(1_000);
  const before = running.memoryBytes();
  const crowd = new Crowd(running.dialect, { readers: CONNECTIONS, senders: 0, capacity: 1 });
  try {
    const startedAt = performance.now();
    await crowd.join();
    const joinSeconds = (performance.now() - startedAt) / 1000;
    await crowd.settle();
    await pause(REST_MS);
    const grown = running.memoryBytes() - before;
    const beating = isCounted ? await beat(running, crowd) : {};
    if (crowd.members.some(({ connection }) => connection.lost)) {
      throw new Error("Idle connections were lost.");
    }
    return { kibPerConnection: grown / 1024 / CONNECTIONS, joinSeconds, ...beating };
  } finally {
    crowd.leave();
  }
}

/** Everyone sends heartbeats; each is answered, and the room sleeps on. */
async function beat(running: Running, crowd: Crowd): Promise<Sample> {
  const counts = await roomCounts(running);
  const bytes = crowd.bytes;
  const metered = await meter(running, () => heartbeats(crowd, HEARTBEAT_MS, WINDOW_MS));
  await pause(500);
  const answered = (crowd.bytes - bytes) / PONG_BYTES;
  if (answered !== metered.value) {
    throw new Error(`${answered} of ${metered.value} heartbeats were answered.`);
  }
  const woken = since(counts, await roomCounts(running));
  return {
    cpuPercent: (metered.serverCpuMs * 100) / metered.wallMs,
    loadCpuPercent: (metered.loadCpuMs * 100) / metered.wallMs,
    beats: metered.value,
    wakes: wakesIn(woken),
    alarms: woken.alarms,
  };
}
