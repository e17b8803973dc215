import { describe, expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../../src/contract/game.ts";
import { arena } from "../../../../src/kinds/game/arena.ts";
import type { Permission } from "../../../../src/protocol/grant.ts";
import { T0 } from "../../room/support/scene.ts";
import { GameScene } from "./support/game-scene.ts";

const foggy = game({
  fields: { x: 1 },
  input: z.null(),
  join: () => ({ x: 0 }),
  steer: () => {},
  sees: () => false,
});

describe("What is told of a game to those who may watch, and for as long as they may", () => {
  it("P19.4: lets those who may only read watch: what they want is denied, and no bad frame", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("eve", { permissions: ["read"] });
    expect(scene.joined("eve")).not.toHaveProperty("playerId");
    for (let frames = 0; frames < 15; frames += 1) scene.want("eve", { dx: 1, dy: 0 }, `${frames}`);
    scene.pass(100);
    expect(scene.sockets.closes.has("eve")).toBe(false);
    expect(scene.sockets.payloads("eve", "ack")).toHaveLength(15);
    expect(scene.sockets.payloads("eve", "ack")[0]).toMatchObject({
      success: false,
      error: { code: "access_denied" },
    });
    expect(scene.mirror("eve").players).toHaveLength(1);
  });

  it("P19.4: has a player rise whose new token may not write", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("ben");
    scene.pass(100);
    renew(scene, "ben", ["read"]);
    scene.pass(100);
    expect(scene.mirror("ann").players).toHaveLength(1);
    scene.pass(2_000);
    expect(scene.mirror("ben").tick).toBe(scene.mirror("ann").tick);
  });

  it("P19.3: tells a player whom things were hidden from all of them when it only watches", () => {
    const scene = new GameScene(foggy);
    scene.come("ann");
    scene.come("ben");
    scene.pass(1_100);
    expect(scene.mirror("ben").players).toHaveLength(1);
    renew(scene, "ben", ["read"]);
    scene.pass(50);
    expect(scene.mirror("ben").players).toEqual([[1, 0]]);
    expect(scene.mirror("ben").names.get(1)).toBe("ann");
  });

  it("P19.10: tells a player no more by another connection of its user that only watches", () => {
    const scene = new GameScene(foggy);
    scene.come("stream", { userId: "ben", transport: "sse" });
    for (const id of ["ann", "ben"]) scene.come(id);
    scene.come("reading", { userId: "ben", permissions: ["read"] });
    scene.come("backend", { userId: "ben", transport: "sse", backend: true });
    scene.pass(1_100);
    const players = (id: string) => scene.mirror(id).players.map(([player]) => player);
    expect(["ben", "stream", "reading"].map(players)).toEqual([[2], [2], [2]]);
    expect([...scene.mirror("stream").names.keys()]).toEqual([2]);
    expect(players("backend")).toEqual([1, 2]);
    scene.hear("ben", { type: "leave_room" }, scene.now);
    scene.pass(100);
    expect(players("stream")).toEqual([1]);
  });

  it("P19.3: tells whoever was not told for a while, for its token had ended, all of it again", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("ben", { expiresAt: T0 + 1_200 });
    scene.want("ann", { dx: 1, dy: 0 });
    scene.pass(1_260);
    scene.want("ann", { dx: 0, dy: 0 });
    scene.pass(100);
    renew(scene, "ben", ["read", "write"]);
    scene.pass(50);
    expect(scene.states("ben").at(-1)).toMatchObject({ full: true });
    expect(scene.mirror("ben").players).toEqual(scene.mirror("ann").players);
  });

  it("P2.11: ends whose token has ended, and its player stands still, without anything that is said", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("ben", { expiresAt: T0 + 1_000 });
    scene.want("ben", { dx: 1, dy: 0 });
    scene.pass(4_000);
    expect(scene.sockets.closes.get("ben")).toBe(4401);
    const stood = scene.mirror("ann").rows.get(2);
    scene.pass(1_000);
    expect(scene.mirror("ann").rows.get(2)).toEqual(stood);
    expect(scene.mirror("ben").tick).toBeLessThanOrEqual(20);
  });
});

function renew(scene: GameScene, id: string, permissions: Permission[]): void {
  const connection = scene.room.connection(id);
  if (connection === undefined) throw new Error(`${id} is not here`);
  const renewed = { expiresAt: T0 + 3_600_000, permissions };
  scene.room.renew(connection, renewed, undefined, scene.now);
}
