import * as z from "zod";
import { game, type Player } from "../../../../src/contract/game.ts";

const FIELDS = { x: 100, y: 100 };
const SHARED = { walked: 10 };
type Walker = Player<typeof FIELDS>;

const WALKING = {
  fields: FIELDS,
  shared: SHARED,
  input: z.object({ dx: z.number(), dy: z.number() }),
  join: ({ id }: { readonly id: number }) => ({ x: id, y: 0 }),
  steer(steering: {
    player: Walker;
    input: { dx: number; dy: number };
    dt: number;
    shared: { walked: number };
  }): void {
    const { player, input, dt, shared } = steering;
    shared.walked += Math.abs(input.dx * dt);
    player.state.x += input.dx * dt;
    player.state.y += input.dy * dt;
  },
};

/** A game in which players walk about. */
export function walking(tickHz = 20) {
  return game({ ...WALKING, tickHz });
}

/** The same, and they see only those who are as near as that. */
export function walkingInFog(reach: number) {
  return game({
    ...WALKING,
    sees: ({ player, other }: { player: Walker; other: Walker }) =>
      Math.abs(player.state.x - other.state.x) <= reach &&
      Math.abs(player.state.y - other.state.y) <= reach,
  });
}
