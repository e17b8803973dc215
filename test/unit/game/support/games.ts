import * as z from "zod";
import { game } from "../../../../src/contract/game.ts";

const input = z.object({ dx: z.number(), dy: z.number() });

/** A game in which players walk about, and may see only those near them. */
export function walking({ seesWithin = Number.POSITIVE_INFINITY, tickHz = 20 } = {}) {
  const near = (one: number, other: number) => Math.abs(one - other) <= seesWithin;
  return game({
    fields: { x: 100, y: 100 },
    input,
    tickHz,
    join: ({ id }) => ({ x: id, y: 0 }),
    steer({ player: { state }, input: { dx, dy }, dt }) {
      state.x += dx * dt;
      state.y += dy * dt;
    },
    ...(seesWithin === Number.POSITIVE_INFINITY
      ? {}
      : {
          sees: ({ player, other }) =>
            near(player.state.x, other.state.x) && near(player.state.y, other.state.y),
        }),
  });
}
