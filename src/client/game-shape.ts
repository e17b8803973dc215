import type { GameField } from "../protocol/game-state.ts";
import type { JoinedGame } from "../protocol/greeting.ts";
import type { JoinedRoom } from "../protocol/server-frame.ts";
import { type KindShapes, matches } from "./frame-shape.ts";

/** What games bring. Over HTTP's polls nothing is told of one, so that its greeting may have nothing of it. */
export const GAME_SHAPES: KindShapes = {
  greeting: {
    "game:": {
      tickHz: optional((hz) => typeof hz === "number" && hz > 0),
      playerId: optional(isWhole),
      fields: optional(areFields),
      shared: optional(areFields),
    },
  },
  payloads: {
    game_state: {
      tick: isWhole,
      players: (rows) => Array.isArray(rows) && rows.every(isRow),
      gone: optional(isRow),
      who: optional((who) => Array.isArray(who) && who.every(isName)),
      shared: optional(isRow),
    },
  },
};

/** What a greeting tells of a game. */
export interface GreetedGame {
  readonly tickHz: number;
  readonly fields: readonly GameField[];
  readonly shared: readonly GameField[];
  /** Of those who play. */
  readonly playerId: number | undefined;
}

/** The game of a greeting, which was checked when it came in; `undefined` when it tells of none. */
export function gameOf(joined: JoinedRoom): GreetedGame | undefined {
  // Its room's kind alone has these.
  const told = joined as unknown as Partial<JoinedGame>;
  const { tickHz, fields, shared = [], playerId } = told;
  return tickHz === undefined || fields === undefined
    ? undefined
    : { tickHz, fields, shared, playerId };
}

function optional(test: (value: unknown) => boolean) {
  return (value: unknown) => value === undefined || test(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isRow(row: unknown): boolean {
  return Array.isArray(row) && row.every(isWhole);
}

function isName(name: unknown): boolean {
  return (
    Array.isArray(name) &&
    isWhole(name[0]) &&
    typeof name[1] === "string" &&
    typeof name[2] === "string"
  );
}

function areFields(fields: unknown): boolean {
  return matches(fields, [{ name: "string", scale: "positive" }]);
}
