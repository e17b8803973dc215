import { describe, expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../../src/contract/game.ts";
import { arena } from "../../../../src/kinds/game/arena.ts";
import { CLOSES } from "../../../../src/protocol/close.ts";
import { ROOM_DELETED } from "../../../../src/protocol/refusals.ts";
import type { RoomClock } from "../../../../src/room/hooks/clock.ts";
import { T0 } from "../../room/support/scene.ts";
import { GameScene } from "./support/game-scene.ts";

const TICK_MS = 50;
const RIGHT = { dx: 1, dy: 0 };

/** What each messageId was answered with: the tick, or the code of a refusal. */
function answers(scene: GameScene, id: string): readonly (readonly [string, unknown])[] {
  const acks = scene.sockets.of(id).filter(({ type }) => type === "ack");
  return acks.map(({ messageId = "", payload }) => {
    const { tick, error } = payload as { tick?: number; error?: { code: string } };
    return [messageId, error?.code ?? tick];
  });
}

describe("How input of a game is answered", () => {
  it.each([
    ["json", 1],
    ["msgpack", 1],
    ["plain", 4],
  ] as const)(
    "P19.11: behind the state of the tick that counts it, on %s in %i message",
    (wire, messages) => {
      const scene = new GameScene(arena);
      scene.come("ann", { wire });
      scene.pass(TICK_MS);
      const before = scene.sockets.messages("ann").length;
      const heard = scene.sockets.of("ann").length;
      for (const messageId of ["a", "b", "c"]) scene.want("ann", RIGHT, messageId);
      expect(scene.sockets.messages("ann")).toHaveLength(before);
      scene.pass(TICK_MS);
      expect(scene.sockets.messages("ann")).toHaveLength(before + messages);
      expect(scene.sockets.of("ann").slice(heard)).toMatchObject([
        {
          type: "game_state",
          payload: { tick: 2, players: [[1, expect.any(Number), expect.any(Number), 0]] },
        },
        { type: "ack", messageId: "a", payload: { success: true, tick: 2 } },
        { type: "ack", messageId: "b", payload: { success: true, tick: 2 } },
        { type: "ack", messageId: "c", payload: { success: true, tick: 2 } },
      ]);
      scene.pass(1_000);
      expect(answers(scene, "ann")).toHaveLength(3);
    },
  );

  it("P19.11: names the first of the ticks that were made together", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.pass(TICK_MS);
    scene.want("ann", RIGHT, "stalled");
    scene.now += 3 * TICK_MS;
    scene.flush(scene.now);
    expect(scene.states("ann").at(-1)?.tick).toBe(4);
    expect(answers(scene, "ann")).toEqual([["stalled", 2]]);
  });

  it("P19.11: reaches each of a person's connections, and nobody else", () => {
    const scene = new GameScene(arena);
    scene.come("tab1", { userId: "ann" });
    scene.come("tab2", { userId: "ann" });
    scene.come("ben");
    scene.want("tab1", RIGHT, "one");
    scene.want("tab2", { dx: 0, dy: 1 }, "two");
    scene.pass(TICK_MS);
    expect(["tab1", "tab2", "ben"].map((id) => answers(scene, id))).toEqual([
      [["one", 1]],
      [["two", 1]],
      [],
    ]);
  });

  it("P19.11: is sent alone to a reader that is sent no state", () => {
    const scene = new GameScene(arena);
    scene.come("ann", { expiresAt: T0 + 60 });
    scene.pass(TICK_MS);
    const told = scene.states("ann").length;
    scene.want("ann", RIGHT, "late");
    scene.now = T0 + 100;
    scene.flush(scene.now);
    expect(scene.states("ann")).toHaveLength(told);
    expect(answers(scene, "ann")).toEqual([["late", 2]]);
  });

  it("P19.11: refuses what no tick counts, for its player has lost its place or its connection", () => {
    const scene = new GameScene(arena);
    for (const id of ["ann", "ben", "cai", "dee"]) scene.come(id);
    scene.pass(TICK_MS);
    scene.want("ann", RIGHT, "demoted");
    const ann = scene.room.connection("ann");
    if (ann === undefined) throw new Error("ann is not here");
    scene.room.renew(ann, { expiresAt: T0 + 60_000, permissions: ["read"] }, undefined, scene.now);
    scene.want("ben", RIGHT, "left");
    scene.hear("ben", { type: "leave_room" }, scene.now);
    scene.want("cai", RIGHT, "kicked");
    scene.room.kick("cai", 0, scene.now);
    scene.want("dee", RIGHT, "dropped");
    scene.room.leave("dee", scene.now, CLOSES.socketError);
    scene.pass(2 * TICK_MS);
    expect(["ann", "ben", "cai", "dee"].map((id) => answers(scene, id))).toEqual([
      [["demoted", "access_denied"]],
      [["left", "access_denied"]],
      [["kicked", "access_denied"]],
      [],
    ]);
  });

  it("P19.11: refuses what a connection wanted that gives way, gives no sign, or is in a room that ends", () => {
    const scene = new GameScene(arena, { LIMIT_CONNECTIONS_PER_USER: "1" });
    scene.come("old", { userId: "ann" });
    for (const id of ["ben", "cai"]) scene.come(id);
    scene.pass(TICK_MS);
    scene.want("old", RIGHT, "displaced");
    scene.come("new", { userId: "ann" });
    scene.want("ben", RIGHT, "silent");
    const since = scene.now;
    scene.hear("cai", { type: "ping" }, since + 120_000);
    scene.room.sweep(since + 120_000);
    scene.want("cai", RIGHT, "deleted");
    scene.room.end(ROOM_DELETED, CLOSES.deleted, since + 120_000);
    expect(["old", "ben", "cai"].map((id) => answers(scene, id))).toEqual([
      [["displaced", "access_denied"]],
      [["silent", "access_denied"]],
      [["deleted", "access_denied"]],
    ]);
    expect(["old", "ben", "cai"].map((id) => scene.sockets.closes.get(id))).toEqual([
      4408, 4408, 4403,
    ]);
  });

  it("P19.11: refuses what the game's own code fails at, once", () => {
    const failing = game({
      fields: { x: 1 },
      input: z.object({ dx: z.number() }),
      join: () => ({ x: 0 }),
      steer: ({ input }) => {
        if (input.dx > 0) throw new Error("a fault of the team's");
      },
    });
    const scene = new GameScene(failing);
    scene.come("tab1", { userId: "ann" });
    scene.come("tab2", { userId: "ann" });
    scene.want("tab1", { dx: 1 }, "odd");
    scene.pass(TICK_MS);
    expect(answers(scene, "tab1")).toEqual([["odd", "internal"]]);
    expect(["tab1", "tab2"].map((id) => scene.sockets.payloads(id, "error").length)).toEqual([
      0, 1,
    ]);
  });

  it("P19.11: refuses what waits for a clock that fails", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.pass(TICK_MS);
    scene.want("ann", RIGHT, "stuck");
    const clock = scene.room.special.clock as RoomClock;
    clock.tick = () => {
      throw new Error("a fault of ours");
    };
    scene.pass(1_000);
    expect(answers(scene, "ann")).toEqual([["stuck", "internal"]]);
  });
});
