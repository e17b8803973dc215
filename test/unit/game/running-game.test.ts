import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type Game, type GameFields, game, type Player } from "../../../src/contract/game.ts";
import { RunningGame } from "../../../src/game/running-game.ts";
import { GAME_BOUNDS } from "../../../src/protocol/game-limits.ts";
import { GameMirror } from "../../support/game-mirror.ts";
import { walking, walkingInFog } from "./support/games.ts";

const TICK_MS = 50;
const { graceMs } = GAME_BOUNDS;

/** A game that goes on as its time does. */
function scene(played: Game, saved?: { tick: number; data: null }) {
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

type Scene = ReturnType<typeof scene>;

/** A game of which some functions are other than they should be. */
function faulty(faults: Record<string, unknown>): Game {
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

function fail(): never {
  throw new Error("a fault of the team's");
}

describe("Players of a game", () => {
  it("hold the last input of a tick until the next one comes", () => {
    const { enter, hear, pass, rows } = scene(walking());
    enter("a");
    hear("a", 1);
    hear("a", 2);
    pass(500);
    expect(rows("a")).toEqual([[1, 200, 0]]);
  });

  it("are one a person, however many connections it has, and stay until the last one is gone", () => {
    const { running, enter, leave, pass, rows } = scene(walking());
    enter("tab1", "ann");
    enter("tab2", "ann");
    expect(running.playerId("tab1")).toBe(running.playerId("tab2"));
    leave("tab1", false);
    pass(TICK_MS);
    expect(rows("tab2")).toHaveLength(1);
  });

  it("are gone at the next tick after a leave", () => {
    const { enter, leave, pass, rows } = scene(walking());
    enter("a");
    enter("b");
    pass(TICK_MS);
    leave("b", false);
    pass(TICK_MS);
    expect(rows("a").map(([id]) => id)).toEqual([1]);
  });

  it("stand still after a drop, are theirs again within the grace, and gone after it", () => {
    const { running, enter, hear, leave, pass, rows } = scene(walking());
    enter("a");
    enter("b");
    hear("b", 2);
    pass(500);
    const before = rows("a")[1];
    leave("b", true);
    pass(graceMs - TICK_MS);
    expect(rows("a")[1]).toEqual(before);
    enter("b2", "b");
    expect(running.playerId("b2")).toBe(2);
    leave("b2", true);
    pass(graceMs);
    expect(rows("a")).toHaveLength(1);
    enter("b3", "b");
    expect(running.playerId("b3")).toBe(3);
  });

  it("wait no longer than the grace when the clock is set back", () => {
    const { running, enter, leave, rows } = scene(walking());
    enter("a");
    enter("b");
    leave("b", true);
    running.advance(-3_600_000);
    running.leaveGone(-3_600_000);
    running.leaveGone(-3_600_000 + graceMs);
    running.advance(-3_600_000 + graceMs);
    expect(rows("a")).toHaveLength(1);
  });

  it("are none of those who watch, who are told of all and may want nothing", () => {
    const { running, enter, hear, pass, rows } = scene(walkingInFog(0));
    enter("a");
    enter("b");
    enter("w", "w", false);
    pass(TICK_MS);
    expect(running.playerId("w")).toBeUndefined();
    expect(rows("w")).toHaveLength(2);
    expect(rows("a")).toHaveLength(1);
    expect(hear("w", 1)?.code).toBe("access_denied");
  });

  it("are as many as the game has places for; who comes then watches and is told so", () => {
    const { running, enter, leave, pass } = scene(faulty({ players: 1 }));
    expect(enter("a")).toBeUndefined();
    expect(enter("b")?.code).toBe("too_many_connections");
    expect(running.playerId("b")).toBeUndefined();
    leave("a", false);
    pass(TICK_MS);
    expect(enter("b2", "b")).toBeUndefined();
  });
});

describe("The clock of a game", () => {
  it("stands while nobody is here, ghosts or not", () => {
    const { running, enter, leave } = scene(walking());
    expect(running.dueAt).toBeUndefined();
    enter("a");
    expect(running.dueAt).toBe(TICK_MS);
    leave("a", true);
    expect(running.dueAt).toBeUndefined();
    expect(running.waitsUntil).toBe(graceMs);
  });

  it("makes five ticks up after a stall and leaves out the rest", () => {
    const { running, enter } = scene(walking());
    enter("a");
    running.advance(10_000);
    expect(running.viewOf("a").told.tick).toBe(GAME_BOUNDS.ticksAtOnce);
    expect(running.skippedTicks).toBe(200 - GAME_BOUNDS.ticksAtOnce);
    expect(running.dueAt).toBe(10_050);
  });

  it("does not drift by what its timer is late", () => {
    const { running, enter } = scene(walking(60));
    enter("a");
    for (let at = running.dueAt ?? 0; at < 10_000; at = running.dueAt ?? 0) {
      running.advance(Math.ceil(at) + 3);
    }
    expect(running.viewOf("a").told.tick).toBeGreaterThanOrEqual(599);
  });

  it("goes on at once when time is set back", () => {
    const { running, enter } = scene(walking());
    enter("a");
    running.advance(1_000);
    running.advance(500);
    expect(running.dueAt).toBe(550);
  });

  it("goes on from the tick that was saved", () => {
    const { running, enter, pass } = scene(walking(), { tick: 41, data: null });
    enter("a");
    pass(TICK_MS);
    expect(running.viewOf("a").told.tick).toBe(42);
  });
});

describe("What a game keeps", () => {
  const saving = (save: () => unknown) => {
    const parts = scene(faulty({ save }));
    parts.enter("a");
    return parts;
  };

  it("is asked for once a second, and when the last one leaves, and stored when it is another", () => {
    let kept = 0;
    const { running, pass } = saving(() => kept);
    expect(running.save(0, false)).toEqual({ tick: 0, data: 0 });
    pass(1_000);
    expect(running.save(1_000, false)).toBeUndefined();
    kept = 1;
    expect(running.save(1_500, false)).toBeUndefined();
    expect(running.save(1_500, true)).toEqual({ tick: 20, data: 1 });
    kept = 2;
    expect(running.save(2_500, false)).toEqual({ tick: 20, data: 2 });
  });

  it.each([
    ["nothing", () => undefined],
    ["what is no JSON", () => ({ at: Number.NaN })],
    ["more than may be kept", () => "x".repeat(GAME_BOUNDS.saveBytes)],
    ["a promise", async () => 1],
    ["a fault", fail],
  ])("is not %s: what is stored stands, and the owner is told", (_, save) => {
    const { running } = saving(save);
    expect(running.save(0, true)).toBeUndefined();
    expect(running.takeFailures()).toHaveLength(1);
  });

  it("is not written over by a game that could not read it", () => {
    const { running, enter } = scene(faulty({ world: fail, save: () => 1 }));
    expect(enter("a")?.code).toBe("internal");
    expect(running.save(0, true)).toBeUndefined();
  });
});

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
