import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { spinningAt } from "../../../fixtures/games/spinning.ts";
import { GameScene } from "./support/game-scene.ts";

const CALLED_BACK = 4408;
/** What a room may hold that is not read, and what it leaves to others even then. */
const MOST = (BOUNDS.unreadTotalBytes * 5) / 4;

/** How much was sent to some connections, in bytes: what is told is ASCII. */
function sent(scene: GameScene, ids: readonly string[]): number {
  const messages = ids.flatMap((id) => scene.sockets.messages(id));
  return messages.reduce((sum, { length }) => sum + length, 0);
}

function named(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${name}${at}`);
}

describe("Readers of a game that answer no marks", () => {
  it("P19.9: are asked for one with the first that they are sent", () => {
    const scene = new GameScene(spinningAt(20));
    scene.come("ann");
    expect(scene.sockets.of("ann").map(({ type }) => type)).toContain("mark");
  });

  it.each([10, 40, 100])(
    "P19.9: and read nothing, though they say that they live: %i are sent no more than a room may hold",
    (count) => {
      const scene = new GameScene(spinningAt(20));
      const deaf = named("deaf", count);
      for (const id of ["ann", ...deaf]) scene.come(id);
      scene.reading.add("ann");
      // Until twice as much would have been sent as may be.
      const seconds = Math.ceil((2 * MOST) / (count * count * 140 * 20)) + 5;
      for (let second = 0; second < seconds; second += 1) {
        for (const id of deaf) if (scene.room.connection(id)) scene.want(id, [null]);
        scene.pass(1_000);
      }
      expect(sent(scene, deaf)).toBeLessThan(MOST);
      expect(scene.sockets.closes.has("ann")).toBe(false);
      expect(scene.states("ann").length).toBeGreaterThan(seconds * 19);
    },
  );

  it("P19.9: and do read are told all but of a moment, and called back less than once a minute each", () => {
    const scene = new GameScene(spinningAt(20));
    const plain = named("plain", 10);
    const comebacks = new Map<string, number>();
    for (const id of plain) scene.come(id, { wire: "plain" });
    const seconds = 240;
    for (let ticks = 0; ticks < seconds * 20; ticks += 1) {
      scene.pass(50);
      for (const [id, code] of scene.sockets.closes) {
        expect(code).toBe(CALLED_BACK);
        scene.sockets.closes.delete(id);
        scene.room.socketEnded(id);
        comebacks.set(id, (comebacks.get(id) ?? 0) + 1);
        scene.come(id, { wire: "plain" });
      }
    }
    expect(comebacks.size).toBeGreaterThan(0);
    expect(Math.max(...comebacks.values())).toBeLessThanOrEqual(seconds / 60);
    for (const id of plain) {
      expect(scene.states(id).length).toBeGreaterThan(seconds * 20 * 0.98);
      const [row] = scene.mirror(id).players;
      expect(row?.[1]).toBe(scene.mirror("plain0").players[0]?.[1]);
    }
  });

  it("P19.9: are not taken for deaf because others are, once those are gone", () => {
    const scene = new GameScene(spinningAt(20));
    const deaf = named("deaf", 40);
    for (const id of [...deaf, "honest"]) scene.come(id);
    let told = 0;
    let comebacks = 0;
    for (let ticks = 0; ticks < 90 * 20; ticks += 1) {
      scene.pass(50);
      if (scene.sockets.closes.delete("honest")) {
        scene.room.socketEnded("honest");
        comebacks += 1;
        scene.come("honest");
      }
      if (ticks === 60 * 20) told = scene.states("honest").length;
    }
    expect(comebacks).toBeLessThan(10);
    expect(scene.states("honest").length - told).toBeGreaterThan(30 * 20 * 0.9);
  });
});
