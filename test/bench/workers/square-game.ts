import { env } from "cloudflare:workers";
import * as z from "zod";
import { game } from "../../../src/contract/index.ts";
import { hibiki } from "../../../src/server/index.ts";

/** As many ticks a second as the bench asks for. */
const tickHz = Number(Reflect.get(env, "TICK_HZ"));
const SIZE = 1_000;
const SPEED = 240;
const TURN = Math.PI * (3 - Math.sqrt(5));

const axis = z.number().min(-1).max(1);

/** Whoever walks, walks about in a square; `peers/colyseus-peer.ts` is the same. */
const square = game({
  tickHz,
  fields: { x: 10, y: 10 },
  input: z.object({ dx: axis, dy: axis }),
  join: ({ id }) => ({
    x: SIZE / 2 + Math.cos(id * TURN) * (SIZE / 4),
    y: SIZE / 2 + Math.sin(id * TURN) * (SIZE / 4),
  }),
  steer({ player: { state }, input: { dx, dy }, dt }) {
    const reach = (SPEED * dt) / Math.max(1, Math.hypot(dx, dy));
    state.x = within(state.x + dx * reach);
    state.y = within(state.y + dy * reach);
  },
});

const realtime = hibiki({ game: square });

export const { RoomObject, DocumentObject, MetricsObject } = realtime.objects;

export default realtime;

function within(place: number): number {
  return Math.max(0, Math.min(SIZE, place));
}
