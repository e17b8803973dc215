import { describe, expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../src/contract/game.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { Dice } from "../../simulation/dice.ts";
import { walking } from "../game/support/games.ts";
import { FRAME_MS, gameScene } from "./support/game-scene.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);
type Scene = ReturnType<typeof gameScene>;

/** What may be between somebody who walks about and the room. */
interface Between {
  readonly name: string;
  /** One way, in milliseconds. */
  readonly latencyMs: (dice: Dice) => number;
  readonly happens?: (scene: Scene, dice: Dice) => void;
}

const BETWEEN: readonly Between[] = [
  { name: "no latency", latencyMs: () => 0 },
  { name: "25 ms", latencyMs: () => 25 },
  { name: "125 ms", latencyMs: () => 125 },
  { name: "50 ms, of which a fifth varies", latencyMs: (dice) => 40 + dice.random() * 20 },
  {
    name: "being passed over",
    latencyMs: () => 25,
    happens: ({ line }, dice) => {
      line.isPassedOver = () => dice.chance(0.3);
    },
  },
  {
    name: "a stall of 12 ticks",
    latencyMs: () => 25,
    happens: ({ line, clock }) => void clock.after(1_000, () => line.stall(200)),
  },
  {
    name: "a cut",
    latencyMs: () => 25,
    happens: ({ line, clock }) => void clock.after(1_000, () => line.cut()),
  },
  {
    name: "a crash",
    latencyMs: () => 25,
    happens: ({ line, clock }) => void clock.after(1_000, () => line.crash()),
  },
];

/** Somebody walks about, and stands still in the end. */
async function wander(seed: number, { latencyMs, happens }: Between) {
  const dice = new Dice(seededRandom(seed));
  const scene = gameScene(() => latencyMs(dice));
  const { room, network } = await scene.play("ann");
  network.random = () => dice.random();
  await scene.pass(300);
  happens?.(scene, dice);
  for (let turns = 0; turns < 10; turns += 1) {
    room.want({ dx: dice.whole(-100, 100), dy: dice.whole(-100, 100) });
    await scene.pass(dice.whole(30, 500), (now) => room.me(now));
  }
  room.want({ dx: 0, dy: 0 });
  // Whoever was cut comes back first.
  await scene.pass(happens === undefined ? 800 : 3_000, (now) => room.me(now));
  const told = scene.line.playerOf("ann") ?? [];
  return { room, scene, told: told.slice(1).map((number) => number / 100) };
}

describe.each(BETWEEN)("with $name", (between) => {
  it("stands in the end where the room says that it stands", async () => {
    for (const seed of SEEDS) {
      const { room, told, scene } = await wander(seed, between);
      const { x, y } = room.me(scene.clock.now())?.state ?? { x: 0, y: 0 };
      expect([seed, x, y]).toEqual([seed, ...told]);
    }
  });
});

it("says what is wanted at most once a tick, the newest of it, and nothing twice", async () => {
  const played = walking(20);
  const scene = gameScene(() => 25, played);
  const { client } = scene.come("ann");
  const room = await client.game(played, "arena", { clock: scene.clock.now });
  await scene.pass(500);
  let dx = 0;
  await scene.pass(2_000, () => {
    dx += 1;
    room.want({ dx, dy: 0 });
    room.want({ dx, dy: 0 });
  });
  room.want({ dx: 0, dy: 0 });
  await scene.pass(1_000, () => room.want({ dx: 0, dy: 0 }));
  const { sent } = scene.line;
  const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(49.99);
  expect(sent.length).toBeGreaterThan(35);
  expect(sent.length).toBeLessThanOrEqual(42);
  expect(sent.at(-1)?.payload).toEqual({ dx: 0, dy: 0 });
});

describe("a straight walk", () => {
  const way = (100 * FRAME_MS) / 1_000;

  it.each([
    ["no latency", () => 0],
    ["25 ms", () => 25],
    ["125 ms", () => 125],
    ["50 ms, of which a fifth varies", (dice: Dice) => 40 + dice.random() * 20],
  ] as const)("goes on evenly with %s, for whoever walks", async (_, latencyMs) => {
    for (const seed of SEEDS) {
      const dice = new Dice(seededRandom(seed));
      const scene = gameScene(() => latencyMs(dice));
      const { room } = await scene.play("ann");
      await scene.pass(1_000);
      room.want({ dx: 100, dy: 0 });
      // Begun at once, of which what is left of a tick is seen for a moment; what is told of it comes later.
      await scene.pass(130, (now) => room.me(now));
      const steps = await stepsOf(scene, 2_000, (now) => room.me(now)?.state.x);
      expect(Math.min(...steps), `seed ${seed}`).toBeGreaterThan(way * 0.85);
      expect(Math.max(...steps), `seed ${seed}`).toBeLessThan(way * 1.15);
    }
  });

  it("begins with the next picture, whatever the latency, and without prediction when it is told", async () => {
    const scene = gameScene(() => 100);
    const { room } = await scene.play("ann");
    await scene.pass(1_000);
    for (const [predicts, most] of [
      [true, FRAME_MS * 1.5],
      [false, 400],
    ] as const) {
      room.predicts = predicts;
      room.want({ dx: 0, dy: 0 });
      await scene.pass(1_000, (now) => room.me(now));
      const stood = room.me(scene.clock.now())?.state.x ?? 0;
      const began = scene.clock.now();
      let moved: number | undefined;
      room.want({ dx: 100, dy: 0 });
      await scene.pass(600, (now) => {
        if ((room.me(now)?.state.x ?? 0) > stood + 0.2) moved ??= now - began;
      });
      expect(moved).toBeLessThan(most);
      if (!predicts) expect(moved).toBeGreaterThan(200);
    }
  });

  it("is drawn evenly for others, over a line that varies (seeds 1 to 20)", async () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seededRandom(seed));
      const scene = gameScene(() => 40 + dice.random() * 20);
      const { room: ann } = await scene.play("ann");
      const { room: ben } = await scene.play("ben");
      await scene.pass(1_000);
      ann.want({ dx: 100, dy: 0 });
      await scene.pass(1_500, (now) => ben.players(now));
      const steps = await stepsOf(
        scene,
        2_000,
        (now) => ben.players(now).find(({ userId }) => userId === "ann")?.state.x,
      );
      expect(Math.min(...steps), `seed ${seed}`).toBeGreaterThanOrEqual(0);
      expect(Math.max(...steps), `seed ${seed}`).toBeLessThan(way * 2);
      const longest = steps.filter((step) => Math.abs(step - way) > way * 0.5).length;
      expect(longest / steps.length, `seed ${seed}`).toBeLessThan(0.1);
    }
  });

  it("leads by the way there and back, not by more after a stall", async () => {
    const scene = gameScene(() => 50);
    const { room } = await scene.play("ann");
    await scene.pass(1_000);
    room.want({ dx: 100, dy: 0 });
    const lead = async () => {
      await scene.pass(1_500, (now) => room.me(now));
      const told = (scene.line.playerOf("ann")?.[1] ?? 0) / 100;
      return (room.me(scene.clock.now())?.state.x ?? 0) - told;
    };
    const before = await lead();
    scene.line.stall(300);
    const after = await lead();
    // One way is what the room is ahead of what is told, which is 5 units of the 10.
    expect(before).toBeGreaterThan(2);
    expect(before).toBeLessThan(9);
    expect(Math.abs(after - before)).toBeLessThan(3);
  });
});

it("is moved by the ticks that the room is to make, and not by the one that it told", async () => {
  // By one step in each tenth tick: where that is foreseen at another, it is seen.
  const hopping = hopper();
  const scene = gameScene(() => 50, hopping);
  const { client } = scene.come("ann");
  const room = await client.game(hopping, "arena", { clock: scene.clock.now, snap: { x: 0 } });
  await scene.pass(1_000);
  room.want({ hops: true });
  const xs: number[] = [];
  await scene.pass(1_000, (now) => xs.push(room.me(now)?.state.x ?? 0));
  // It never goes back: what was foreseen comes to be.
  expect(xs).toEqual([...xs].sort((one, other) => one - other));
  expect(xs.at(-1)).toBeGreaterThanOrEqual(40);
});

describe("a player that is put elsewhere", () => {
  it.each([
    ["a little", 3, 1.5],
    ["far away", 500, 500],
  ])("%s is there a moment later, in steps or at once", async (_, far, most) => {
    const { push, thrown } = throwing();
    const scene = gameScene(() => 25, thrown);
    const { client } = scene.come("ann");
    const room = await client.game(thrown, "arena", { clock: scene.clock.now });
    await scene.pass(1_000, (now) => room.me(now));
    for (const dx of [60, 0]) {
      room.want({ dx });
      await scene.pass(1_000, (now) => room.me(now));
    }
    const began = room.me(scene.clock.now())?.state.x ?? 0;
    push.back = far;
    const steps = await stepsOf(scene, 250, (now) => room.me(now)?.state.x);
    const longest = Math.max(...steps.map(Math.abs));
    expect(longest).toBeLessThanOrEqual(most);
    if (most === far) expect(longest).toBeCloseTo(far, 1);
    expect(began - (room.me(scene.clock.now())?.state.x ?? 0)).toBeCloseTo(far, 1);
  });
});

/** How far it goes from picture to picture. */
async function stepsOf(scene: Scene, ms: number, draw: (now: number) => number | undefined) {
  const places: number[] = [];
  await scene.pass(ms, (now) => places.push(draw(now) ?? Number.NaN));
  return places.slice(1).map((place, at) => place - (places[at] ?? Number.NaN));
}

/** A game in which whoever hops gets on in each tenth tick alone. */
function hopper() {
  return game({
    fields: { x: 1 },
    input: z.object({ hops: z.boolean() }),
    tickHz: 60,
    join: () => ({ x: 0 }),
    steer({ player: { state }, input: { hops }, tick }) {
      if (hops && tick % 10 === 0) state.x += 10;
    },
  });
}

/** A game whose `step`, which no client runs, throws players back when it is told to. */
function throwing() {
  const push = { back: 0 };
  const thrown = game({
    fields: { x: 100 },
    input: z.object({ dx: z.number() }),
    tickHz: 60,
    join: () => ({ x: 0 }),
    steer({ player: { state }, input: { dx }, dt }) {
      state.x += dx * dt;
    },
    step({ players }) {
      for (const { state } of players) state.x -= push.back;
      push.back = 0;
    },
  });
  return { push, thrown };
}
