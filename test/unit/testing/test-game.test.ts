import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { game } from "../../../src/contract/index.ts";
import { testGame } from "../../../src/testing/index.ts";

/** Walking about on a line; who comes to 10 scores for all, which is what is kept. */
const race = game({
  fields: { x: 10 },
  shared: { goals: 1 },
  input: z.object({ dx: z.number().max(20) }),
  world(saved, shared) {
    shared.goals = typeof saved === "number" ? saved : 0;
  },
  join: () => ({ x: 0 }),
  steer({ player, input, dt }) {
    player.state.x += input.dx * dt;
  },
  step({ players, shared }) {
    for (const { state } of players) {
      if (state.x < 10) continue;
      state.x = 0;
      shared.goals += 1;
    }
  },
  save: ({ shared }) => shared.goals,
});

const RULES = { fields: { x: 1 }, input: z.null(), join: () => ({ x: 0 }), steer: () => {} };

describe("a game under test (hibiki/testing)", () => {
  it("is joined, steered and stepped tick by tick, and told to all who are in it", async () => {
    const test = testGame(race);
    const [ann, ben] = [await test.join("ann", { name: "Ann" }), await test.join("ben")];
    const eve = await test.join("eve", { can: ["read"] });
    expect(ann.me).toEqual({ id: 1, userId: "ann", name: "Ann", state: { x: 0 } });
    expectTypeOf(ann.me?.state).toEqualTypeOf<{ readonly x: number } | undefined>();
    expectTypeOf(ann.shared).toEqualTypeOf<{ readonly goals: number }>();

    const before = ann.tick;
    expect(await Promise.all([ann.want({ dx: 10 }), ben.want({ dx: 20 })])).toEqual([
      before + 1,
      before + 1,
    ]);
    await test.ticks(9);
    expect(ann.tick).toBe(before + 10);
    for (const { players, shared } of [ann, ben, eve]) {
      expect(players.map(({ userId, state }) => [userId, state.x])).toEqual([
        ["ann", 5],
        ["ben", 0],
      ]);
      expect(shared).toEqual({ goals: 1 });
    }
    expect(eve.playerId).toBeUndefined();
  });

  it("makes exactly the ticks that are asked for, whatever a tick comes to in milliseconds", async () => {
    const fast = game({ ...RULES, tickHz: 60 });
    const test = testGame(fast);
    const ann = await test.join("ann");
    for (let at = 0; at < 200; at += 1) await test.ticks(1);
    expect(ann.tick).toBe(201);
  });

  it("refuses what the game does not take, and what watchers want", async () => {
    const test = testGame(race);
    const ann = await test.join("ann");
    const eve = await test.join("eve", { can: ["read"] });
    await expect(ann.want({ dx: 21 })).rejects.toMatchObject({ code: "invalid_frame" });
    await expect(eve.want({ dx: 1 })).rejects.toMatchObject({ code: "access_denied" });
    await expect(test.join("fay", { can: [] })).rejects.toMatchObject({ code: "access_denied" });
  });

  it("loses what it has not saved to a crash, and nothing to a sleep", async () => {
    const test = testGame(race);
    const ann = await test.join("ann");
    await ann.want({ dx: 20 });
    await test.ticks(55);
    const { goals } = ann.shared;
    expect(goals).toBe(5);
    await test.crash();
    expect(ann.isHere).toBe(false);
    await expect(ann.want({ dx: 1 })).rejects.toMatchObject({ code: "disconnected" });
    const kept = Number(test.saved);
    expect(kept).toBe(4);
    const ben = await test.join("ben");
    expect(ben.shared).toEqual({ goals: kept });
    await expect(test.hibernate()).rejects.toThrow("does not sleep");
    await ben.want({ dx: 20 });
    await test.ticks(10);
    await ben.leave();
    await expect(test.ticks(1)).rejects.toThrow("stands still");
    await test.hibernate();
    expect(test.saved).toBe(kept + 1);
    expect((await test.join("ann")).shared).toEqual({ goals: kept + 1 });
  });

  it("keeps the player of whoever drops for ten seconds, and of whoever leaves for none", async () => {
    const test = testGame(race);
    const [ann, ben, cai] = [
      await test.join("ann"),
      await test.join("ben"),
      await test.join("cai"),
    ];
    await ben.drop();
    await cai.leave();
    await test.ticks(1);
    expect(ann.players.map(({ userId }) => userId)).toEqual(["ann", "ben"]);
    await test.advance(10_000);
    expect(ann.players.map(({ userId }) => userId)).toEqual(["ann"]);
  });

  it("tells of functions of the game that fail, and the same run of the same seed", async () => {
    const run = async () => {
      const test = testGame(
        game({
          ...RULES,
          step({ tick }) {
            if (tick === 3) throw new Error("a fault of the team's");
          },
        }),
      );
      const ann = await test.join("ann");
      await test.ticks(5);
      return { errors: ann.errors.map(({ code }) => code), failures: test.failures };
    };
    const once = await run();
    expect(once).toEqual({
      errors: ["internal"],
      failures: [new Error("a fault of the team's")],
    });
    expect(await run()).toEqual(once);
  });
});
