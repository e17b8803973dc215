import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type Game, type GameFields, game, type Player } from "../../../src/contract/game.ts";
import { gameScene } from "./support/game-scene.ts";

describe("a game that cannot be run here", () => {
  it.each([
    ["reads what no client is told", { join: () => ({ x: 0, hidden: 3 }), steer: byHidden }],
    ["throws", { steer: () => fail() }],
    ["is asynchronous", { steer: async () => {} }],
    ["has a world that throws", { world: (saved: unknown) => (saved === undefined ? fail() : 0) }],
  ])("is drawn as the room tells it when it %s, and that is reported once", async (_, faults) => {
    const scene = gameScene(() => 25, pusher({}));
    const { client, network } = scene.come("ann");
    const room = await client.game(pusher(faults), "arena", { clock: scene.clock.now });
    await scene.pass(300);
    for (let turns = 1; turns < 5; turns += 1) {
      room.want({ dx: turns });
      await scene.pass(300, (now) => room.players(now));
    }
    expect(network.reported).toHaveLength(1);
    room.want({ dx: 0 });
    await scene.pass(1_000);
    expect(room.me(scene.clock.now())?.state["x"]).toBe(scene.line.playerOf("ann")?.[1]);
    expect(room.me(scene.clock.now())?.state["x"]).toBeGreaterThan(0);
  });
});

function pusher(faults: Record<string, unknown>): Game {
  return game({
    fields: { x: 1 },
    input: z.object({ dx: z.number() }),
    tickHz: 60,
    join: () => ({ x: 0 }),
    steer({ player, input }: { player: Player<GameFields>; input: { dx: number } }) {
      player.state["x"] = (player.state["x"] ?? 0) + input.dx;
    },
    ...faults,
  } as never);
}

function byHidden({ player: { state } }: { player: Player<GameFields> }): void {
  state["x"] = Number(state["x"]) + Number(state["hidden"]);
}

function fail(): never {
  throw new Error("a fault of the team's");
}
