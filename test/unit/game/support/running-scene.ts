import * as z from "zod";
import { type Game, type GameFields, game, type Player } from "../../../../src/contract/game.ts";
import { RunningGame } from "../../../../src/game/running-game.ts";
import { GameMirror } from "../../../support/game-mirror.ts";

/** How long a tick of its games is. */
export const TICK_MS = 50;

/** A game that goes on as its time does. */
export function scene(played: Game, saved?: { tick: number; data: null }) {
  const running = new RunningGame(played, saved);
  let now = 0;
  return {
    running,
    enter: (connectionId: string, userId = connectionId, mayPlay = true) =>
      running.enter({ connectionId, userId, name: userId, mayPlay }, now),
    leave: (connectionId: string, mayComeBack: boolean) =>
      running.leave(connectionId, mayComeBack, now),
    hear: (connectionId: string, dx: number) => running.hear(connectionId, { dx, dy: 0 }, now),
    pass(ms: number) {
      for (const end = now + ms; now < end; ) {
        now += TICK_MS;
        running.advance(now);
      }
    },
    rows(connectionId: string) {
      const mirror = new GameMirror();
      mirror.take(running.viewOf(connectionId).whole);
      return mirror.players;
    },
  };
}

/** What a test does with it. */
export type Scene = ReturnType<typeof scene>;

/** A game of which some functions are other than they should be. */
export function faulty(faults: Record<string, unknown>): Game {
  return game({
    fields: { x: 1 },
    input: z.object({ dx: z.number(), dy: z.number() }),
    join: () => ({ x: 0 }),
    steer({ player, input }: { player: Player<GameFields>; input: { dx: number } }) {
      player.state["x"] = (player.state["x"] ?? 0) + input.dx;
    },
    ...faults,
  } as never);
}

/** What throws. */
export function fail(): never {
  throw new Error("a fault of the team's");
}
