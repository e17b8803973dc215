import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { game } from "../../../src/contract/game.ts";
import { GAME_BOUNDS } from "../../../src/protocol/game-limits.ts";

const RIGHT = {
  fields: { x: 100 },
  input: z.object({ dx: z.number() }),
  join: () => ({ x: 0 }),
  steer: () => {},
};

describe("game()", () => {
  it("knows the fields, the input and the world by what it is made of", () => {
    game({
      fields: { x: 100, y: 100 },
      shared: { leftMs: 1 },
      input: z.object({ dx: z.coerce.number() }),
      world(_, shared) {
        shared.leftMs = 60_000;
        return { goals: 0 };
      },
      join: ({ world, id }) => ({ x: world.goals, y: id }),
      steer({ player, input, dt, world, shared }) {
        expectTypeOf(shared).toEqualTypeOf<{ leftMs: number }>();
        expectTypeOf(input.dx).toEqualTypeOf<number>();
        expectTypeOf(world.goals).toEqualTypeOf<number>();
        player.state.x += input.dx * dt;
        // @ts-expect-error there is no such field
        player.state.z = 1;
      },
    });
    game({
      ...RIGHT,
      // @ts-expect-error it shares nothing
      step: ({ shared }) => void shared.coin,
    });
    // @ts-expect-error y is missing
    game({ ...RIGHT, fields: { x: 1, y: 1 } });
  });

  it("has 20 ticks a second and 200 players where it says neither", () => {
    expect(game(RIGHT)).toMatchObject({ tickHz: 20, players: GAME_BOUNDS.players, shared: {} });
  });

  it.each([
    ["no fields", { fields: {} }, /fields are 1 to 16 numbers/],
    ["what it shares without a number", { shared: {} }, /shared are 1 to 16 numbers/],
    ["what it shares without a scale", { shared: { coin: -1 } }, /shared\.coin is its scale/],
    ["a field without a scale", { fields: { x: 0 } }, /fields\.x is its scale/],
    ["a field of no name", { fields: { "a b": 1 } }, /"a b" is no field/],
    ["an input that is no schema", { input: {} }, /input needs a schema/],
    ["more ticks than there may be", { tickHz: 61 }, /tickHz is a whole number from 1 to 60/],
    ["half a player", { players: 0.5 }, /players is a whole number from 1 to 200/],
    ["a hook that is undefined", { sees: undefined }, /sees is undefined/],
    ["no steer", { steer: null }, /steer is no function/],
    ["what it does not have", { tick: () => {} }, /a game has no "tick"/],
  ])("refuses %s", (_, wrong, problem) => {
    expect(() => game({ ...RIGHT, ...wrong } as never)).toThrow(problem);
  });
});
