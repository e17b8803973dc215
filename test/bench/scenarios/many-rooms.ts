import { pause } from "../../support/pause.ts";
import { until } from "../../support/until.ts";
import { Hearer, type Line } from "../load/hearer.ts";
import { contentOf } from "../load/message.ts";
import { MessageSocket } from "../load/message-socket.ts";
import { startHibiki } from "../servers/hibiki.ts";
import { hibikiDialect } from "../servers/hibiki-dialect.ts";
import type { Running, Server } from "../servers/server.ts";
import { withServer } from "./lifetime.ts";
import { meter } from "./meter.ts";
import { ratio, type Sample, type Scenario } from "./scenario.ts";

const ROOMS = Array.from({ length: 5 }, (_, at) => `bench-${at}`);
const CONTENT_BYTES = 100;
const DRAIN_TIMEOUT_MS = 30_000;
/** Every connection is of one user: else most of the memory would be what rooms tell of who comes. */
const WISH = { wire: "json", oneUser: true } as const;
/** How many people enter at a time. */
const AT_ONCE = 8;

const MARKS = "durable, acked, history, resume";
const start: Server["start"] = (bundle) => startHibiki({ wire: "json", bundle });
const fiveSockets: Server = {
  name: "hibiki-five-sockets",
  marks: `${MARKS}; a WebSocket for each room`,
  isOurs: true,
  start,
};
const oneSocket: Server = {
  name: "hibiki-one-socket",
  marks: `${MARKS}; one WebSocket for all rooms`,
  isOurs: true,
  start,
};

/** How many come, and what is told them. */
export interface ManyRooms {
  readonly people: number;
  /** Messages a second, over all rooms. */
  readonly perSecond: number;
  readonly messages: number;
  /** How long they rest before their memory is read, in milliseconds. */
  readonly restMs: number;
}

/** People in five rooms each, over five WebSockets or over one. */
export function manyRooms(size: ManyRooms): Scenario {
  const { people, perSecond, messages, restMs } = size;
  return {
    name: "many-rooms",
    title: `Many rooms: ${people} clients in ${ROOMS.length} rooms each, over a WebSocket for each room or over one; ${perSecond} messages/s in all`,
    servers: [fiveSockets, oneSocket],
    columns: [
      { key: "cpuPerFrame", label: "server CPU µs / frame", digits: 1 },
      { key: "kibPerClient", label: "memory KiB / client", digits: 0 },
      { key: "joinCpuMs", label: "server CPU ms to let one in", digits: 2 },
      { key: "loadCpuPerFrame", label: "load tool CPU µs / frame", digits: 1 },
      { key: "frames", label: "frames", digits: 0 },
    ],
    targets: [
      ratio("cpuPerFrame", fiveSockets.name, oneSocket.name, 1 / 2.6, "CPU a frame at most 2.6×"),
      ratio("kibPerClient", fiveSockets.name, oneSocket.name, 1 / 0.75, "memory at most 0.75×"),
    ],
    notes: [
      `A frame is one message to one client: ${messages} messages, in turn in each room, and everyone hears each exactly once or the run fails. Memory is the growth of the server's proportional set size from the started server to all entered and ${restMs / 1000} s of rest.`,
      "A WebSocket of many rooms ends in the Worker, which holds one to each room: what it saves is the client's connections. All clients are of one user.",
    ],
    openFiles: 2 * people * ROOMS.length + 200,
    run: (server) => withServer(server, (running) => run(running, server === oneSocket, size)),
  };
}

async function run(running: Running, isOne: boolean, size: ManyRooms): Promise<Sample> {
  const { people, perSecond, messages, restMs } = size;
  await pause(restMs);
  const before = running.memoryBytes();
  const hearers: Hearer[] = [];
  const speakers: MessageSocket[] = [];
  try {
    const entering = await meter(running, () => enterAll(running.port, isOne, size, hearers));
    await pause(restMs);
    const grown = running.memoryBytes() - before;
    for (const room of ROOMS) speakers.push(await speakerIn(running.port, room, people));
    // Everyone hears of the speakers too.
    await pause(restMs);
    const metered = await meter(running, async () => {
      await speak(speakers, perSecond, messages);
      await until(() => hearers.every(({ heard }) => heard >= messages), DRAIN_TIMEOUT_MS);
    });
    for (const hearer of hearers) hearer.requireWhole(messages);
    const frames = messages * people;
    return {
      cpuPerFrame: (metered.serverCpuMs * 1000) / frames,
      kibPerClient: grown / 1024 / people,
      joinCpuMs: entering.serverCpuMs / people,
      loadCpuPerFrame: (metered.loadCpuMs * 1000) / frames,
      frames,
    };
  } finally {
    for (const hearer of hearers) hearer.leave();
    for (const speaker of speakers) speaker.close();
  }
}

/** Lets everyone in, some at a time. */
async function enterAll(
  port: number,
  isOne: boolean,
  { people, messages }: ManyRooms,
  hearers: Hearer[],
): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let index = next++; index < people; index = next++) {
      const lines = isOne
        ? [sharedLine(port, index)]
        : ROOMS.map((room) => line(port, room, index));
      hearers.push(await Hearer.enter(lines, ROOMS.length, messages));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function line(port: number, room: string, index: number): Line {
  return { entrance: hibikiDialect(port, { ...WISH, room }).entrance(index), says: [] };
}

function sharedLine(port: number, index: number): Line {
  const { headers } = hibikiDialect(port, WISH).entrance(index);
  const payload = { history: 0 };
  const says = ROOMS.map((room) => JSON.stringify({ type: "join", room, payload }));
  return { entrance: { port, target: "/v1/ws", headers }, says };
}

/** Somebody beside those who are counted, who speaks in one room. */
function speakerIn(port: number, room: string, index: number): Promise<MessageSocket> {
  return MessageSocket.open(line(port, room, index).entrance, () => {}, "text");
}

/** Says messages at an even pace, in one room after the other. */
async function speak(
  speakers: readonly MessageSocket[],
  perSecond: number,
  messages: number,
): Promise<void> {
  const dialect = hibikiDialect(0, WISH);
  const startedAt = performance.now();
  for (let id = 0; id < messages; id += 1) {
    const dueMs = startedAt + (id * 1_000) / perSecond - performance.now();
    if (dueMs > 0) await pause(dueMs);
    const frame = dialect.message(id, contentOf(id, CONTENT_BYTES));
    speakers[id % speakers.length]?.send(Buffer.from(frame));
  }
}
