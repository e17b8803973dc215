import { encode } from "@msgpack/msgpack";
import { expect, it } from "vitest";
import { colyseusDialect } from "../../bench/servers/colyseus-dialect.ts";
import { gameServers } from "../../bench/servers/games.ts";

const TIMESTAMP = "2026-11-27T08:00:00.000Z";
const TICK = {
  type: "game_state",
  timestamp: TIMESTAMP,
  payload: { tick: 7, players: [[1, 5_000, 5_000]] },
};
const MARK = { type: "mark", timestamp: TIMESTAMP, payload: { id: "m-1" } };
const WIRES = [
  ["hibiki-game", (frame: object) => Buffer.from(encode(frame))],
  ["hibiki-game-json", (frame: object) => Buffer.from(JSON.stringify(frame))],
] as const;

it.each(WIRES)("tells a tick from what else %s says, and answers its marks", (name, write) => {
  const server = gameServers({ players: 2, tickHz: 20 }).find((one) => one.name === name);
  const dialect = server?.gamesAt?.(0);
  if (dialect === undefined) throw new Error(`There is no ${name}.`);
  const acked = { type: "batch", timestamp: TIMESTAMP, payload: [TICK, { type: "ack" }] };
  expect([TICK, acked, MARK].map((frame) => dialect.isTick(write(frame)))).toEqual([
    true,
    true,
    false,
  ]);
  const answer = dialect.answerTo(write(MARK));
  expect(answer && Buffer.from(answer)).toEqual(
    write({ type: "read_mark", payload: { id: "m-1" } }),
  );
  expect(dialect.answerTo(write({ type: "user_joined", payload: { name: "Mark, a mark" } }))).toBe(
    undefined,
  );
});

it("tells a patch of Colyseus from its greeting, which is answered", () => {
  const dialect = colyseusDialect(0);
  expect(dialect.isTick(Buffer.of(15, 255))).toBe(true);
  expect(dialect.isTick(Buffer.of(14, 255))).toBe(false);
  expect(dialect.answerTo(Buffer.of(10, 0))).toEqual(Uint8Array.of(10));
});
