import * as z from "zod";
import { game } from "../../contract/game.ts";

/** How far it is across, from side to side and from top to bottom. */
export const ARENA_SIZE = 1_000;

/** How far a player gets in a second. */
const SPEED = 240;

/** Where one player more stands, so that they do not all stand in one place: the golden angle. */
const TURN = Math.PI * (3 - Math.sqrt(5));

const direction = z.number().transform((value) => Math.max(-1, Math.min(1, value)));

/** The game that comes with Hibiki: whoever plays walks about in a square, and sees the others do so. */
export const arena = game({
  fields: { x: 10, y: 10 },
  input: z.object({ dx: direction, dy: direction }),
  join: ({ id }) => ({
    x: ARENA_SIZE / 2 + Math.cos(id * TURN) * (ARENA_SIZE / 4),
    y: ARENA_SIZE / 2 + Math.sin(id * TURN) * (ARENA_SIZE / 4),
  }),
  steer({ player: { state }, input: { dx, dy }, dt }) {
    // No faster askew than straight on.
    const reach = (SPEED * dt) / Math.max(1, Math.hypot(dx, dy));
    state.x = within(state.x + dx * reach);
    state.y = within(state.y + dy * reach);
  },
});

function within(place: number): number {
  return Math.max(0, Math.min(ARENA_SIZE, place));
}
