import { hibiki } from "../servers/hibiki.ts";
import { hibikiSocketioSplit } from "../servers/hibiki-socketio.ts";
import { ws } from "../servers/ws.ts";
import { fanOut } from "./fan-out.ts";
import { playing } from "./games/playing.ts";
import { manyRooms } from "./many-rooms.ts";
import type { Scenario } from "./scenario.ts";

/** Small and quick: whether the harness works and everything arrives exactly once. */
export const SMOKE: readonly Scenario[] = [
  fanOut({
    name: "smoke",
    title: "Smoke: 20 readers, 4 senders with 5 in flight each",
    servers: [hibiki, ws],
    readers: 20,
    senders: 4,
    inFlight: 5,
    warmUp: 20,
    bounds: { messages: 500, ms: 2_000 },
    targets: [],
  }),
  { ...manyRooms({ people: 4, perSecond: 100, messages: 50, restMs: 100 }), targets: [] },
  fanOut({
    name: "smoke-socketio",
    title: "Smoke: 20 clients of Socket.IO, 4 who send with 5 in flight each",
    servers: [hibikiSocketioSplit],
    readers: 20,
    senders: 4,
    inFlight: 5,
    warmUp: 20,
    bounds: { messages: 300, ms: 1_000 },
    targets: [],
  }),
  playing({ players: 6, tickHz: 20, isBrief: true }),
];
