import { decode, encode } from "@msgpack/msgpack";
import { encodeMsgpack } from "../../../src/protocol/msgpack.ts";
import { MSGPACK_SUBPROTOCOL } from "../../../src/protocol/msgpack-subprotocol.ts";
import type { ServerFrame } from "../../../src/protocol/server-frame.ts";
import { JSON_SUBPROTOCOL } from "../../../src/protocol/subprotocol-name.ts";
import { workerBundle } from "../../support/machine/bundle.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { freePort } from "../../support/machine/port.ts";
import { startWorkerd } from "../../support/machine/workerd.ts";
import { RAISED_LIMITS } from "../../support/raised-limits.ts";
import { tokenFor } from "../../support/token.ts";
import type { GameDialect } from "../load/games/game-dialect.ts";
import { colyseusDialect } from "./colyseus-dialect.ts";
import { AUTH_SECRET } from "./hibiki-dialect.ts";
import { startNodePeer } from "./node-peer.ts";
import { Running, type Server } from "./server.ts";
import { rawDialect } from "./ws.ts";

/** A game to play on each server. */
export interface ArenaSize {
  readonly players: number;
  readonly tickHz: number;
}

/** In how many bytes of the head of a message its type is found. */
const HEAD_BYTES = 128;
const MARKS = "authenticated, told by whom, tick numbers, a full state each second; workerd";

/** The servers of one size of game, ours first. */
export function gameServers({ players, tickHz }: ArenaSize): readonly Server[] {
  return [
    {
      name: "hibiki-game",
      marks: `${MARKS}, MessagePack`,
      start: () => startHibikiGame(tickHz),
      gamesAt: (port) => hibikiWire(port, "msgpack"),
    },
    {
      name: "hibiki-game-json",
      marks: `${MARKS}, JSON`,
      start: () => startHibikiGame(tickHz),
      gamesAt: (port) => hibikiWire(port, "json"),
    },
    {
      name: "colyseus",
      marks: "matchmaking, patches of a schema; no tick numbers; Node",
      start: async () => {
        const port = await freePort();
        const child = await startNodePeer("colyseus-peer", port, { TICK_HZ: String(tickHz) });
        return new Running(rawDialect(port, "/"), port, [child]);
      },
      gamesAt: colyseusDialect,
    },
    {
      name: "empty-ticks",
      marks: "nothing: a loop that sends as many bytes to the same sockets; workerd",
      start: () => startEmptyTicks(tickHz, tickBytes(players / 2)),
      gamesAt: emptyWire,
    },
  ];
}

/** Hibiki's game with an entry in front that counts what is billed (workers/counting-objects.ts). */
export function countedGame(name: string, marks: string, tickHz: number): Server {
  return {
    name,
    marks,
    start: () => startHibikiGame(tickHz, true),
    gamesAt: (port) => hibikiWire(port, "msgpack"),
  };
}

/** Hibiki with that game, and with an entry in front that counts what is billed, if so asked. */
async function startHibikiGame(tickHz: number, isCounted = false): Promise<Running> {
  const port = await freePort();
  const folder = temporaryFolder();
  const entry = isCounted ? { "counting.js": workerBundle("counting-objects") } : {};
  const child = await startWorkerd({
    folder,
    port,
    modules: { ...entry, "index.js": workerBundle("square-game") },
    className: "RoomObject",
    binding: "ROOM",
    moreClasses: { DOCUMENT: "DocumentObject", METRICS: "MetricsObject" },
    vars: { AUTH_SECRET, ...RAISED_LIMITS, TICK_HZ: String(tickHz) },
  });
  return new Running(rawDialect(port, "/"), port, [child], folder);
}

/** How Hibiki's games are spoken to. */
function hibikiWire(port: number, wire: "json" | "msgpack"): GameDialect {
  const isBinary = wire === "msgpack";
  const subprotocol = isBinary ? MSGPACK_SUBPROTOCOL : JSON_SUBPROTOCOL;
  const write = (frame: object) => (isBinary ? encode(frame) : Buffer.from(JSON.stringify(frame)));
  return {
    form: isBinary ? "binary" : "text",
    entrance: async (index) => ({
      port,
      target: "/v1/rooms/game:bench/ws",
      headers: {
        "Sec-WebSocket-Protocol": `${subprotocol}, bearer.${tokenFor(`user-${index}`, AUTH_SECRET)}`,
      },
    }),
    input: (payload) => write({ type: "player_input", payload }),
    isTick: (message) => message.subarray(0, HEAD_BYTES).includes("game_state"),
    answerTo: (message) => {
      if (!message.subarray(0, HEAD_BYTES).includes("mark")) return undefined;
      const { type, payload } = read(message, isBinary);
      return type === "mark" ? write({ type: "read_mark", payload }) : undefined;
    },
  };
}

function read(message: Buffer, isBinary: boolean): { type: string; payload: unknown } {
  // Of our own server.
  return (isBinary ? decode(message) : JSON.parse(message.toString())) as ReturnType<typeof read>;
}

async function startEmptyTicks(tickHz: number, bytes: number): Promise<Running> {
  const port = await freePort();
  const folder = temporaryFolder();
  const child = await startWorkerd({
    folder,
    port,
    modules: { "index.js": workerBundle("empty-ticks") },
    className: "EmptyTicks",
    binding: "EmptyTicks",
    vars: { TICK_HZ: String(tickHz), TICK_BYTES: String(bytes) },
  });
  return new Running(rawDialect(port, "/"), port, [child], folder);
}

function emptyWire(port: number): GameDialect {
  return {
    ...hibikiWire(port, "msgpack"),
    entrance: async () => ({ port, target: "/", headers: {} }),
    isTick: () => true,
  };
}

/** What Hibiki sends of a tick in which so many walk, in bytes. */
function tickBytes(walkers: number): number {
  const rows = Array.from({ length: walkers }, (_, index) => [2 * index + 1, 5_000, 5_000]);
  const frame: ServerFrame = {
    type: "game_state",
    timestamp: new Date(0).toISOString(),
    payload: { tick: 1_000, players: rows },
  };
  return encodeMsgpack(frame).length;
}
