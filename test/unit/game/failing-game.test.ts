import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Player } from "../../../src/contract/game.ts";
import { fail, faulty, type Scene, scene, TICK_MS } from "./support/running-scene.ts";

describe("A game whose code fails", () => {
  it("lets nobody play whom `join` does not take, and lets it watch", () => {
    for (const join of [fail, () => undefined, () => ({ x: "1" }), async () => ({ x: 1 })]) {
      const { running, enter, pass } = scene(faulty({ join }));
      expect(enter("a")?.code).toBe("internal");
      expect(running.playerId("a")).toBeUndefined();
      pass(TICK_MS);
      expect(running.viewOf("a").told.players).toEqual([]);
    }
  });

  it("has a player stand still whose input `steer` stumbles over, and no other", () => {
    const steer = ({ player, input }: { player: Player<{ x: 1 }>; input: { dx: number } }) => {
      if (input.dx < 0) fail();
      player.state.x += input.dx;
    };
    const { running, enter, hear, pass, rows } = scene(faulty({ steer }));
    enter("a");
    enter("b");
    hear("a", -1);
    hear("b", 1);
    pass(TICK_MS * 3);
    expect(rows("a")).toEqual([
      [1, 0],
      [2, 3],
    ]);
    expect(running.takeWronged()).toMatchObject([
      { connectionIds: ["a"], error: { code: "internal" } },
    ]);
  });

  it("tells all once that `step` fails, and its owner once a second, and goes on", () => {
    const { running, enter, hear, pass, rows } = scene(faulty({ step: fail }));
    enter("a");
    hear("a", 1);
    pass(2_000);
    expect(rows("a")).toEqual([[1, 40]]);
    expect(running.takeWronged()).toMatchObject([{ connectionIds: ["a"] }]);
    expect(running.takeFailures()).toHaveLength(2);
  });

  it("tells all once that `step` fails with every second tick", () => {
    const step = ({ tick }: { tick: number }) => {
      if (tick % 2 === 0) fail();
    };
    const { running, enter, pass } = scene(faulty({ step }));
    enter("a");
    pass(2_000);
    expect(running.takeWronged()).toHaveLength(1);
  });

  it("tells a player where it stood last when its state is rubbish", () => {
    const step = ({ players, tick }: { players: readonly Player<{ x: 1 }>[]; tick: number }) => {
      for (const { state } of players) state.x = tick > 2 ? Number.NaN : tick;
    };
    const { enter, pass, rows } = scene(faulty({ step }));
    enter("a");
    pass(TICK_MS * 5);
    expect(rows("a")).toEqual([[1, 2]]);
  });

  it.each([
    ["throws", fail],
    ["answers what is no yes", () => "yes"],
  ])("P19.10: hides a player when `sees` %s", (_, sees) => {
    const { enter, pass, rows } = scene(faulty({ sees }));
    enter("a");
    enter("b");
    pass(TICK_MS);
    expect(rows("a")).toEqual([[1, 0]]);
  });

  it("lets a player go whose `leave` throws", () => {
    const { running, enter, leave, pass, rows } = scene(faulty({ leave: fail }));
    enter("a");
    enter("b");
    leave("b", false);
    pass(TICK_MS);
    expect(rows("a")).toHaveLength(1);
    expect(running.takeFailures()).toHaveLength(1);
  });

  it("refuses input that its schema does not take", () => {
    const { running, enter } = scene(faulty({}));
    enter("a");
    expect(running.hear("a", { dx: "1" }, 0)).toMatchObject({ code: "invalid_frame" });
  });

  it.each([
    ["throws", z.object({ dx: z.number().refine(fail) })],
    ["is asynchronous", z.object({ dx: z.number().refine(async () => true) })],
  ])("has a player stand still whose input its schema stumbles over, which %s", (_, input) => {
    const { running, enter, hear } = scene(faulty({ input }));
    enter("a");
    expect(hear("a", 1)).toMatchObject({ code: "internal" });
    expect(running.takeFailures()).toHaveLength(1);
  });

  it.each([
    ["join", (parts: Scene) => parts.enter("a")],
    ["save", (parts: Scene) => parts.enter("a") ?? parts.running.save(0, true)],
  ])("has nothing end by a promise of `%s` that is rejected", async (hook, call) => {
    const unheard: unknown[] = [];
    const note = (reason: unknown) => unheard.push(reason);
    process.on("unhandledRejection", note);
    call(scene(faulty({ [hook]: async () => fail() })));
    await new Promise((resolve) => setTimeout(resolve, 0));
    process.off("unhandledRejection", note);
    expect(unheard).toEqual([]);
  });
});
