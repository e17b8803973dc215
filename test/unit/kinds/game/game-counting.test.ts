import { describe, expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../../src/contract/game.ts";
import { arena } from "../../../../src/kinds/game/arena.ts";
import { GAME_BOUNDS } from "../../../../src/protocol/game-limits.ts";
import { statsOf } from "../../../../src/room/counting/stats.ts";
import { GameScene } from "./support/game-scene.ts";

function stats({ room, store }: GameScene) {
  const numbers = { totals: room.counters.counts, peak: room.counters.peak };
  return statsOf(room, store.log, numbers, 0);
}

describe("What is counted of a game", () => {
  it("is its tick, how many play, and the ticks that stalls have cost", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("ben");
    scene.come("eve", { permissions: ["read"] });
    scene.pass(1_000);
    expect(stats(scene).clock).toEqual({ tick: 20, players: 2, skippedTicks: 0 });
    scene.now += 2_000;
    scene.pass(1_000);
    const skippedTicks = 40 - GAME_BOUNDS.ticksAtOnce;
    expect(stats(scene).clock).toMatchObject({
      tick: 20 + GAME_BOUNDS.ticksAtOnce + 20,
      skippedTicks,
    });
    expect(scene.room.counters.take().skippedTicks).toBe(skippedTicks);
  });

  it("is which of its functions fails, each at most once a second", () => {
    const failing = game({
      fields: { x: 1 },
      input: z.null(),
      join: () => ({ x: 0 }),
      steer: () => {},
      step() {
        throw new Error("a fault of the team's");
      },
      save() {
        throw new Error("another one");
      },
    });
    const scene = new GameScene(failing);
    scene.come("ann");
    scene.pass(2_990);
    expect(scene.room.counters.counts.ruleFailures).toEqual({ "game step": 3, "game save": 3 });
    expect(stats(scene).ruleFailures).toEqual({ step: 3, save: 3 });
  });

  it("is nothing of a clock where there is none", () => {
    const scene = new GameScene(arena);
    expect(stats(scene)).toHaveProperty("clock");
    const chat = new GameScene(arena, {}, "general");
    expect(stats(chat)).not.toHaveProperty("clock");
  });
});
