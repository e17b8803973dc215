import { describe, expect, it } from "vitest";
import { GAME_BOUNDS } from "../../../src/protocol/game-limits.ts";
import { walking, walkingInFog } from "./support/games.ts";
import { fail, faulty, scene, TICK_MS } from "./support/running-scene.ts";

const { graceMs } = GAME_BOUNDS;

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
