import { hibiki, hibikiPlain } from "../servers/hibiki.ts";
import { nchan } from "../servers/nchan.ts";
import { socketIo, socketIoRedis } from "../servers/socket-io.ts";
import { bareObject, cloudflareChat, partyserver } from "../servers/workers.ts";
import { ws } from "../servers/ws.ts";
import { acking } from "./ack.ts";
import { costing } from "./cost.ts";
import { costingIdle } from "./cost-idle.ts";
import { cursors } from "./cursors.ts";
import { DOCUMENTS } from "./documents/all.ts";
import { fanOut } from "./fan-out.ts";
import { GAMES } from "./games/all.ts";
import { idling } from "./idle.ts";
import { joining } from "./join.ts";
import { manyRooms } from "./many-rooms.ts";
import { paging, pagingReactions } from "./page.ts";
import { publishing } from "./publish.ts";
import { rate } from "./rate.ts";
import { resuming } from "./resume.ts";
import { ratio, type Scenario } from "./scenario.ts";
import { SOCKETIO } from "./socketio.ts";
import { waking } from "./wake.ts";

const EVERYONE = [hibiki, socketIo, socketIoRedis, ws, nchan, partyserver, cloudflareChat];

/** Every scenario, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  fanOut({
    name: "saturated-1000",
    title: "Saturated fan-out: 1,000 readers, 50 senders with 10 in flight each, 100-byte messages",
    servers: EVERYONE,
    readers: 1_000,
    senders: 50,
    inFlight: 10,
    warmUp: 100,
    bounds: { messages: 20_000, ms: 6_000 },
    targets: [
      ratio("cpuPerDelivery", "socket.io", "hibiki", 10, "10× less server CPU than Socket.IO"),
      ratio("cpuPerDelivery", "partyserver", "hibiki", 20, "20× less server CPU than partyserver"),
      ratio("cpuPerDelivery", "nchan", "hibiki", 1, "less server CPU than nchan"),
    ],
  }),
  fanOut({
    name: "saturated-100",
    title: "Saturated fan-out: 100 readers, 10 senders with 10 in flight each, 100-byte messages",
    servers: EVERYONE,
    readers: 100,
    senders: 10,
    inFlight: 10,
    warmUp: 500,
    bounds: { messages: 40_000, ms: 5_000 },
    targets: [
      ratio("cpuPerDelivery", "socket.io", "hibiki", 4, "4× less server CPU than Socket.IO"),
    ],
  }),
  rate({
    name: "paced",
    title: "Paced: 1,000 readers, 10 senders, 100 messages/s in all",
    servers: [...EVERYONE, bareObject],
    readers: 1_000,
    senders: 10,
    rhythm: { kind: "paced", perSecond: 100 },
    warmUp: { messages: 100, ms: 1_000 },
    bounds: { messages: 800, ms: 8_000 },
    note: "† sends were later than the gap between two messages (10 ms) for more than one in a hundred: on two cores this server and the load tool, or something else on the machine, left too little, and the load came in bunches. What was late counts in the delivery times.",
    targets: [
      ratio("p99", "socket.io", "hibiki", 1, "p99 delivery no worse than Socket.IO's"),
      ratio("cpuPerMessage", "socket.io", "hibiki", 2, "2× less server CPU than Socket.IO"),
    ],
  }),
  rate({
    name: "quiet",
    title: "Quiet: 100 readers, one message at a time, 20 ms after everyone has the last one",
    servers: [...EVERYONE, bareObject],
    readers: 100,
    senders: 1,
    rhythm: { kind: "one-by-one", thinkMs: 20 },
    warmUp: { messages: 50, ms: 2_000 },
    bounds: { messages: 200, ms: 6_000 },
    note: "One message and then a pause is what a quiet room is. The pause is longer than Hibiki's least gap between flushes for so many readers (6 ms), so no message waits for one; `saturated-100` shows the same room when messages do.",
    targets: [ratio("p50", "socket.io", "hibiki", 0.5, "p50 delivery within 2× of Socket.IO's")],
  }),
  fanOut({
    name: "plain",
    title: "Plain frames (no subprotocol): 1,000 readers, 50 senders with 10 in flight each",
    servers: [hibikiPlain, ws, cloudflareChat],
    readers: 1_000,
    senders: 50,
    inFlight: 10,
    warmUp: 100,
    bounds: { messages: 20_000, ms: 6_000 },
    targets: [
      ratio("cpuPerDelivery", "ws", "hibiki-plain", 1 / 1.5, "server CPU within 1.5× of `ws`"),
    ],
  }),
  joining,
  paging,
  pagingReactions,
  acking,
  publishing(300),
  publishing(1_000),
  cursors,
  manyRooms({ people: 400, perSecond: 40, messages: 400, restMs: 3_000 }),
  waking,
  resuming,
  idling,
  costing,
  costingIdle,
  ...SOCKETIO,
  ...DOCUMENTS,
  ...GAMES,
];
