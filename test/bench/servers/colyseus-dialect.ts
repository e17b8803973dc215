import { encode } from "@msgpack/msgpack";
import type { GameDialect } from "../load/games/game-dialect.ts";

/** The first byte of its messages (@colyseus/shared-types 0.18, Protocol.ts). */
const JOIN_ROOM = 10;
const ROOM_DATA = 13;
const ROOM_STATE_PATCH = 15;

const JOINED = Uint8Array.of(JOIN_ROOM);

/** How the arena of `peers/colyseus-peer.ts` is spoken to. */
export function colyseusDialect(port: number): GameDialect {
  const go = encode("go");
  return {
    form: "binary",
    entrance: async () => {
      const { processId, roomId, sessionId } = await takeSeat(port);
      return { port, target: `/${processId}/${roomId}?sessionId=${sessionId}`, headers: {} };
    },
    input: (heading) => Buffer.concat([Uint8Array.of(ROOM_DATA), go, encode(heading)]),
    isTick: (message) => message[0] === ROOM_STATE_PATCH,
    answerTo: (message) => (message[0] === JOIN_ROOM ? JOINED : undefined),
  };
}

interface Seat {
  readonly processId: string;
  readonly roomId: string;
  readonly sessionId: string;
}

async function takeSeat(port: number): Promise<Seat> {
  const response = await fetch(`http://127.0.0.1:${port}/matchmake/joinOrCreate/arena`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Colyseus gave no seat: ${text.slice(0, 200)}`);
  // As its SDK takes it.
  return JSON.parse(text) as Seat;
}
