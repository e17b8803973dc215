import { pause } from "../../support/pause.ts";
import { Crowd } from "../load/crowd.ts";
import { heartbeats } from "../load/heartbeats.ts";
import { startHibiki } from "../servers/hibiki.ts";
import { roomCounts, since, wakesIn } from "../servers/room-counts.ts";
import type { Running, Server } from "../servers/server.ts";
import { socketIo } from "../servers/socket-io.ts";
import { cloudflareChat } from "../servers/workers.ts";
import { ws } from "../servers/ws.ts";
import { withServer } from "./attempt.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const CONNECTIONS = 5_000;
const HEARTBEAT_MS = 30_000;
const WINDOW_MS = 60_000;
/** Beyond the platform's 10 s until an idle room hibernates. */
const REST_MS = 12_000;

const counted: Server = {
  name: "hibiki",
  marks: "client heartbeat every 30 s, answered without waking the room",
  start: () => startHibiki({ wire: "json", counting: true }),
};

/** What connections cost that do nothing. */
export const idling: Scenario = {
  name: "idle",
  title: `${CONNECTIONS.toLocaleString("en")} idle connections, then ${WINDOW_MS / 1000} s of heartbeats`,
  servers: [
    counted,
    { ...socketIo, marks: "server ping every 25 s, as is its default" },
    { ...ws, marks: "client WebSocket ping every 30 s" },
    {
      ...cloudflareChat,
      marks: "client WebSocket ping every 30 s; what the platform itself takes",
    },
  ],
  columns: [
    { key: "kibPerConnection", label: "memory KiB / connection", digits: 1 },
    { key: "cpuPercent", label: "server CPU % of a core in the window", digits: 2 },
    { key: "beats", label: "heartbeats", digits: 0 },
    { key: "wakes", label: "wakes of the room", digits: 0 },
    { key: "alarms", label: "alarms of the sweep", digits: 0 },
    { key: "joinSeconds", label: "s to let all in", digits: 1 },
  ],
  targets: [
    {
      kind: "figure",
      column: "wakes",
      of: counted.name,
      atMost: 0,
      text: "wakes of the room in 60 s of heartbeats",
    },
  ],
  notes: [
    "Memory is the growth of resident memory from the started server to all connected and at rest, over the connections; every one is a user of its own. A room of Hibiki tells each who comes who else is there, and that burst is in the figure.",
    "Wakes are counted by an entry in front of the shipped bundle (`workers/counting-room.ts`): constructor, requests, RPC, messages, closes and errors; a construction for an alarm is the alarm's. The sweep for dead peers is an alarm every 120 s by design and stands by itself.",
  ],
  openFiles: CONNECTIONS + 500,
  run: (server) => withServer(server, (running) => run(running, server.name === counted.name)),
};

async function run(running: Running, isCounted: boolean): Promise<Sample> {
  await pause(1_000);
  const before = running.usage().rssBytes;
  const crowd = new Crowd(running.dialect, { readers: CONNECTIONS, senders: 0, capacity: 1 });
  try {
    const startedAt = performance.now();
    await crowd.join();
    const joinSeconds = (performance.now() - startedAt) / 1000;
    await crowd.settle();
    await pause(REST_MS);
    const rss = running.usage().rssBytes;
    const counts = isCounted ? await roomCounts(running) : undefined;
    const metered = await meter(running, () => beat(running, crowd));
    if (crowd.members.some(({ connection }) => connection.lost)) {
      throw new Error("Idle connections were lost.");
    }
    const figures = {
      kibPerConnection: (rss - before) / 1024 / CONNECTIONS,
      cpuPercent: (metered.serverCpuMs * 100) / metered.wallMs,
      beats: metered.value,
      joinSeconds,
    };
    if (counts === undefined) return figures;
    const woken = since(counts, await roomCounts(running));
    return { ...figures, wakes: wakesIn(woken), alarms: woken.alarms };
  } finally {
    crowd.leave();
  }
}

/** Where the server pings, its pings are answered; elsewhere the clients ping, and are answered. */
async function beat({ dialect }: Running, crowd: Crowd): Promise<number> {
  if (dialect.pinged !== undefined) {
    await pause(WINDOW_MS);
    return crowd.members.reduce((sum, { connection }) => sum + connection.pongs, 0);
  }
  const bytes = crowd.bytes;
  const sent = await heartbeats(crowd, HEARTBEAT_MS, WINDOW_MS);
  await pause(500);
  const answer = dialect.heartbeat === undefined ? 2 : 2 + `{"type":"pong"}`.length;
  const answered = (crowd.bytes - bytes) / answer;
  if (answered !== sent) throw new Error(`${answered} of ${sent} heartbeats were answered.`);
  return sent;
}
