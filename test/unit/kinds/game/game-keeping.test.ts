import { describe, expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../../src/contract/game.ts";
import { arena } from "../../../../src/kinds/game/arena.ts";
import { CLOSES } from "../../../../src/protocol/close.ts";
import { GAME_BOUNDS } from "../../../../src/protocol/game-limits.ts";
import { GameScene, standing } from "./support/game-scene.ts";

const PEER_CLOSED = { code: 1000, reason: "", clean: true };

/** A game that keeps how often anybody has wanted something. */
const counting = game({
  fields: { x: 1 },
  input: z.object({ dx: z.number() }),
  world: (saved) => ({ wants: typeof saved === "number" ? saved : 0 }),
  join: ({ world }) => ({ x: world.wants }),
  steer({ player, world }) {
    world.wants += 1;
    player.state.x = world.wants;
  },
  save: ({ world }) => world.wants,
});

describe("What a room in which a game goes on stores", () => {
  it("P19.8: stores nothing of a tick", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.want("ann", { dx: 1, dy: 0 });
    scene.pass(5_000);
    expect(scene.store.isWritten).toBe(false);
  });

  it("P19.8: stores nothing for those who only watch a game that nobody ever played", () => {
    const scene = new GameScene(counting);
    scene.come("eve", { permissions: ["read"] });
    scene.pass(3_000);
    scene.room.leave("eve", scene.now, PEER_CLOSED);
    scene.pass(100);
    expect(scene.store.isWritten).toBe(false);
    expect(scene.room.isOver(scene.now)).toBe(true);
  });

  it("P19.8: keeps what the game saves, once a second and with the last one who leaves", () => {
    const scene = new GameScene(counting);
    scene.come("ann");
    scene.want("ann", { dx: 1 });
    scene.pass(2_500);
    scene.restart();
    scene.come("ben");
    const { x, tick } = standing(scene, "ben");
    expect(x).toBeGreaterThanOrEqual(50 - 20 - 1);
    expect(tick).toBeGreaterThanOrEqual(50 - 20 - 1);
    scene.want("ben", { dx: 1 });
    scene.pass(300);
    const last = standing(scene, "ben").x;
    scene.room.leave("ben", scene.now, PEER_CLOSED);
    scene.pass(50);
    scene.restart();
    scene.come("cai");
    expect(standing(scene, "cai").x).toBe(last);
  });

  it("P19.8: keeps what `leave` changes also when the last one drops and does not come back", () => {
    const scoring = game({
      fields: { x: 1 },
      input: z.null(),
      world: (saved) => ({ left: typeof saved === "number" ? saved : 0 }),
      join: ({ world }) => ({ x: world.left }),
      steer: () => {},
      leave: ({ world }) => void world.left++,
      save: ({ world }) => world.left,
    });
    const scene = new GameScene(scoring);
    scene.come("ann");
    scene.pass(100);
    scene.room.leave("ann", scene.now, CLOSES.socketError);
    scene.pass(GAME_BOUNDS.graceMs);
    scene.room.sweep(scene.now);
    scene.pass(100);
    scene.restart();
    scene.come("ben");
    expect(standing(scene, "ben").x).toBe(1);
  });

  it("P19.8: tries again what could not be stored", () => {
    const scene = new GameScene(counting);
    scene.come("ann");
    scene.pass(100);
    scene.want("ann", { dx: 1 });
    scene.database.query(
      "CREATE TRIGGER full BEFORE UPDATE ON own BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    scene.pass(3_000);
    scene.database.query("DROP TRIGGER full");
    scene.pass(2_000);
    scene.restart();
    scene.come("ben");
    expect(standing(scene, "ben").x).toBeGreaterThanOrEqual(60);
  });

  it("P19.8: tries again what could not be stored and has not changed since", () => {
    const scene = new GameScene(counting);
    scene.come("ann");
    scene.want("ann", { dx: 1 });
    scene.pass(1_500);
    scene.database.query(
      "CREATE TRIGGER full BEFORE UPDATE ON own BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    // Nothing changes any more: its player stands still, and somebody watches.
    scene.room.leave("ann", scene.now, CLOSES.socketError);
    scene.come("eve", { permissions: ["read"] });
    scene.pass(3_000);
    const { x } = standing(scene, "eve");
    scene.database.query("DROP TRIGGER full");
    scene.pass(2_000);
    scene.restart();
    scene.come("ben");
    expect(standing(scene, "ben").x).toBe(x);
  });

  it("P19.8: tries again what could not be stored when the last one left", () => {
    const scene = new GameScene(counting);
    scene.come("ann");
    scene.want("ann", { dx: 1 });
    scene.pass(1_500);
    scene.database.query(
      "CREATE TRIGGER full BEFORE UPDATE ON own BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    const { x } = standing(scene, "ann");
    scene.room.leave("ann", scene.now, PEER_CLOSED);
    scene.pass(100);
    scene.database.query("DROP TRIGGER full");
    scene.now += 120_000;
    scene.room.sweep(scene.now);
    scene.pass(100);
    scene.restart();
    scene.come("ben");
    expect(standing(scene, "ben").x).toBe(x);
  });
});
