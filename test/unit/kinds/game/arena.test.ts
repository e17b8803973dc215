import { describe, expect, it } from "vitest";
import { ARENA_SIZE, arena, COIN_REACH } from "../../../../src/kinds/game/arena.ts";
import { GameScene } from "./support/game-scene.ts";

const [X, Y, SCORE] = [1, 2, 3];

/** Everything of the arena is told in tenths, but scores. */
function coinOf(scene: GameScene, id: string) {
  const [x = 0, y = 0] = scene.mirror(id).shared;
  return { x: x / 10, y: y / 10 };
}

/** Has a player walk straight at the coin for a tick. */
function chase(scene: GameScene, id: string): void {
  const mirror = scene.mirror(id);
  const row = mirror.rows.get(Number(scene.joined(id)?.["playerId"])) ?? [];
  const coin = coinOf(scene, id);
  const [dx, dy] = [coin.x - (row[X] ?? 0) / 10, coin.y - (row[Y] ?? 0) / 10];
  const far = Math.max(1, Math.hypot(dx, dy));
  scene.want(id, { dx: dx / far, dy: dy / far });
  scene.pass(50);
}

describe("The arena", () => {
  it("gives whoever comes to the coin a point, lays the next one elsewhere, and tells all (P19.12)", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("eve", { permissions: ["read"] });
    scene.pass(50);
    expect(scene.joined("ann")).toMatchObject({
      shared: [
        { name: "coinX", scale: 10 },
        { name: "coinY", scale: 10 },
      ],
    });
    const coins = [coinOf(scene, "ann")];
    for (let ticks = 0; ticks < 1_000 && coins.length <= 5; ticks += 1) {
      chase(scene, "ann");
      const coin = coinOf(scene, "ann");
      if (coin.x !== coins.at(-1)?.x) coins.push(coin);
      expect(scene.mirror("ann").rows.get(1)?.[SCORE]).toBe(coins.length - 1);
    }
    expect(coins).toHaveLength(6);
    for (const { x, y } of coins) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(COIN_REACH);
      expect(Math.max(x, y)).toBeLessThanOrEqual(ARENA_SIZE - COIN_REACH);
    }
    expect(coinOf(scene, "eve")).toEqual(coinOf(scene, "ann"));
  });

  it("lays the same coins each time it begins", () => {
    const coins = [new GameScene(arena), new GameScene(arena)].map((scene) => {
      scene.come("ann");
      scene.pass(50);
      for (let ticks = 0; ticks < 100; ticks += 1) chase(scene, "ann");
      return scene.states("ann").flatMap(({ shared }) => (shared === undefined ? [] : [shared]));
    });
    expect(coins[0]?.length).toBeGreaterThan(5);
    expect(coins[1]).toEqual(coins[0]);
  });
});
