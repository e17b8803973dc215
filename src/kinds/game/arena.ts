import * as z from "zod";
import { game, type Shared } from "../../contract/game.ts";

/** How far it is across, from side to side and from top to bottom. */
export const ARENA_SIZE = 1_000;

/** How near to the coin a player has to come to take it. */
export const COIN_REACH = 40;

/** How far a player gets in a second. */
const SPEED = 240;

/** Where one player more stands, so that they do not all stand in one place: the golden angle. */
const TURN = Math.PI * (3 - Math.sqrt(5));

/**
 * By how much of the arena the next coin lies further, across and down: round and round, these come near
 * every place and to none twice ("R2", M. Roberts: The unreasonable effectiveness of quasirandom sequences).
 */
const COIN_STEP = { x: 0.754_877_666_246_693, y: 0.569_840_290_998_053_3 };

const FIELDS = { x: 10, y: 10, score: 1 };
const SHARED = { coinX: 10, coinY: 10 };

const direction = z.number().transform((value) => Math.max(-1, Math.min(1, value)));

/**
 * The game that comes with Hibiki: whoever plays walks about in a square, and sees the others do so.
 * Whoever comes to the coin first scores, and the next one lies elsewhere.
 */
export const arena = game({
  fields: FIELDS,
  shared: SHARED,
  input: z.object({ dx: direction, dy: direction }),
  world(_, shared) {
    layCoin(shared, 0);
    return { coinsTaken: 0 };
  },
  join: ({ id }) => ({
    x: ARENA_SIZE / 2 + Math.cos(id * TURN) * (ARENA_SIZE / 4),
    y: ARENA_SIZE / 2 + Math.sin(id * TURN) * (ARENA_SIZE / 4),
    score: 0,
  }),
  steer({ player: { state }, input: { dx, dy }, dt }) {
    // No faster askew than straight on.
    const reach = (SPEED * dt) / Math.max(1, Math.hypot(dx, dy));
    state.x = within(state.x + dx * reach);
    state.y = within(state.y + dy * reach);
  },
  step({ players, shared, world }) {
    const distances = players.map(({ state }) =>
      Math.hypot(state.x - shared.coinX, state.y - shared.coinY),
    );
    const nearest = Math.min(...distances);
    const taker = players[distances.indexOf(nearest)];
    if (taker === undefined || nearest > COIN_REACH) return;
    taker.state.score += 1;
    world.coinsTaken += 1;
    layCoin(shared, world.coinsTaken);
  },
});

/** @param taken how many coins were taken before. */
function layCoin(shared: Shared<typeof SHARED>, taken: number): void {
  shared.coinX = coinPlace(taken, COIN_STEP.x);
  shared.coinY = coinPlace(taken, COIN_STEP.y);
}

/** Nowhere near the edge, where part of it could not be seen. */
function coinPlace(taken: number, step: number): number {
  return COIN_REACH + ((0.5 + taken * step) % 1) * (ARENA_SIZE - 2 * COIN_REACH);
}

function within(place: number): number {
  return Math.max(0, Math.min(ARENA_SIZE, place));
}
