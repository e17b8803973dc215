import { PING_TIMEOUT_MS } from "../peers/ping-timeout.ts";
import { hibikiSocketio, hibikiSocketioSplit } from "../servers/hibiki-socketio.ts";
import { socketIo, socketIoChat, socketIoRecovery } from "../servers/socket-io.ts";
import { type FanOut, fanOut } from "./fan-out.ts";
import { rate } from "./rate.ts";
import { ratio, type Scenario, type Target } from "./scenario.ts";

const GROUP = "socketio";
const CPU = "cpuPerDelivery";
const SERVERS = [hibikiSocketio, hibikiSocketioSplit, socketIoChat, socketIo, socketIoRecovery];

const MORE = {
  columns: [
    { key: "workerCpu", label: "of it the Worker's", digits: 2 },
    { key: "roomsCpu", label: "of it the rooms'", digits: 2 },
  ],
  notes: [
    "Hibiki's default app tells each message by two events (`receive_message`, `new_message`) of some 300 bytes each to everyone else, and by one and an `ack:<id>` to its sender; so does `socket.io-chat`. Each event is a frame of its own to each reader, which no stock client lets a server change. `socket.io` tells one event with nothing but the text, and no ack.",
    "Split: the Worker and the rooms are a workerd process each, and their sockets are TCP, where the platform has its own network. Workers scale out with their connections; a room is one thread.",
    `All wait ${PING_TIMEOUT_MS / 1000} s for the answer to a ping, and not 20 as by default: behind 500 messages to each of 1,000 readers it may come later.`,
  ],
};

/** The default app against Socket.IO's own server, by what one delivery takes: the same events, and the least. */
const TARGETS: readonly Target[] = [socketIoChat, socketIo].flatMap(({ name }) => [
  ratio(CPU, name, hibikiSocketioSplit.name, 5, `rooms at a fifth of ${name}'s CPU`, "roomsCpu"),
  ratio(CPU, name, hibikiSocketioSplit.name, 1, `the Worker at no more than ${name}`, "workerCpu"),
  ratio(CPU, name, hibikiSocketio.name, 1 / 1.5, `one process within 1.5× of ${name}`),
]);

function saturated(name: string, options: Omit<FanOut, "name" | "servers" | "more">): Scenario {
  return { ...fanOut({ ...options, name, servers: SERVERS, more: MORE }), group: GROUP };
}

/** Clients of Socket.IO, as they come: Hibiki's default app and Socket.IO's own server. */
export const SOCKETIO: readonly Scenario[] = [
  saturated("socketio-1000", {
    title:
      "Clients of Socket.IO, saturated: 1,000 readers, 50 senders with 10 in flight each, 100-byte messages",
    readers: 1_000,
    senders: 50,
    inFlight: 10,
    warmUp: 100,
    bounds: { messages: 20_000, ms: 6_000 },
    targets: TARGETS,
  }),
  saturated("socketio-100", {
    title:
      "Clients of Socket.IO, saturated: 100 readers, 10 senders with 10 in flight each, 100-byte messages",
    readers: 100,
    senders: 10,
    inFlight: 10,
    warmUp: 500,
    bounds: { messages: 40_000, ms: 5_000 },
    targets: [],
  }),
  {
    ...rate({
      name: "socketio-quiet",
      title:
        "Clients of Socket.IO, quiet: 100 readers, one message at a time, 20 ms after everyone has the last one",
      servers: SERVERS,
      readers: 100,
      senders: 1,
      rhythm: { kind: "one-by-one", thinkMs: 20 },
      warmUp: { messages: 50, ms: 2_000 },
      bounds: { messages: 200, ms: 6_000 },
      columns: MORE.columns,
      note: "A message is on disk before anyone hears it, and then goes to each reader by a socket to the Worker and another to the client: it is later than in a process that only passes it on.",
      targets: [socketIoChat, socketIo].map(({ name }) =>
        ratio("p50", name, hibikiSocketio.name, 0.2, `p50 delivery within 5× of ${name}'s`),
      ),
    }),
    group: GROUP,
  },
];
