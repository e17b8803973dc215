import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { GamePlayer } from "./support/game-player.ts";
import { builtClient } from "./support/sdk-editor.ts";
import { SdkPlayer } from "./support/sdk-player.ts";
import { until } from "./support/until.ts";

let server: BareServer;
beforeAll(async () => {
  await builtClient();
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "games", "walking-worker.ts"));
  server = await BareServer.start({}, { bundle, limits: "default" });
});
afterAll(() => server.stop());

const players: SdkPlayer[] = [];
afterEach(async () => {
  await Promise.all(players.splice(0).map((player) => player.stop()));
});

async function enter(userId: string, wire?: "json" | "msgpack"): Promise<SdkPlayer> {
  const player = await SdkPlayer.enter(server.url, userId, wire);
  players.push(player);
  return player;
}

function placeOf(player: SdkPlayer, userId: string) {
  const { x = 0, y = 0 } =
    player.room.players().find((other) => other.userId === userId)?.state ?? {};
  return { x, y };
}

/** As far as a player goes in a second. */
const SPEED = 120;
const TICK_HZ = 60;

function medianOf(numbers: readonly number[]): number {
  return (
    numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
  );
}

it("moves its own player by the way there and back ahead of others, and stands where the server has it", async () => {
  const [ann, ben] = [await enter("ann"), await enter("ben", "msgpack")];
  const eve = await GamePlayer.enter(server.port, "game:field", { userId: "eve", can: ["read"] });
  const id = ann.room.playerId ?? 0;
  const leads: number[] = [];
  const lags: number[] = [];
  for (const dx of [SPEED, -SPEED, SPEED]) {
    ann.room.want({ dx, dy: 0 });
    ben.room.want({ dx: -dx, dy: 10 });
    await pause(400);
    ann.drawn = () => {
      const told = (eve.mirror.rows.get(id)?.[1] ?? 0) / 100;
      const ticks = (place: number) => ((place - told) * Math.sign(dx) * TICK_HZ) / SPEED;
      leads.push(ticks(placeOf(ann, "ann").x));
      lags.push(-ticks(placeOf(ben, "ann").x));
    };
    await pause(600);
    ann.drawn = () => {};
  }
  for (const { room } of [ann, ben]) room.want({ dx: 0, dy: 0 });
  await pause(1_000);
  const [lead, lag] = [medianOf(leads), medianOf(lags)];
  console.log(JSON.stringify({ test: "game sdk", leadTicks: lead, lagTicks: lag }));
  const told = eve.mirror.rows.get(id)?.slice(1);
  expect(Object.values(placeOf(ann, "ann"))).toEqual(told?.map((number) => number / 100));
  expect(placeOf(ben, "ann")).toEqual(placeOf(ann, "ann"));
  expect(placeOf(ann, "ben")).toEqual(placeOf(ben, "ben"));
  expect(ann.room.shared).toEqual(ben.room.shared);
  // On one machine the way there and back takes no tick.
  expect(lead).toBeGreaterThan(-0.5);
  expect(lead).toBeLessThan(3);
  expect(lag).toBeGreaterThan(0);
  expect(lag).toBeLessThan(5);
  eve.close();
});

it.each([
  ["a cut", (player: SdkPlayer) => player.cut()],
  ["it came back by itself (P9.11)", (player: SdkPlayer) => player.tellNonsense()],
])("has the same player after %s, and goes on as it wanted to (P19.6)", async (what, happen) => {
  const [ann, ben] = [await enter("ann"), await enter("ben", "msgpack")];
  const { playerId } = ann.room;
  const gone: string[] = [];
  ben.room.on("gone", ({ userId }) => gone.push(userId));
  ann.room.want({ dx: SPEED, dy: 0 });
  await pause(500);
  const before = placeOf(ben, "ann").x;
  happen(ann);
  expect(ann.room.status).toBe("reconnecting");
  await until(
    () => ann.room.status === "open",
    () => ann.room.reason,
  );
  await pause(1_000);
  expect([ann.room.playerId, gone]).toEqual([playerId, []]);
  expect(placeOf(ben, "ann").x).toBeGreaterThan(before + SPEED / 2);
  if (what !== "a cut") expect(ann.closes).toEqual([4000]);
  ann.room.want({ dx: 0, dy: 0 });
  await pause(500);
  expect(placeOf(ann, "ann")).toEqual(placeOf(ben, "ann"));
});

it("lets the player of whoever leaves go at once", async () => {
  const [ann, ben] = [await enter("ann"), await enter("ben")];
  const gone: string[] = [];
  ben.room.on("gone", ({ userId }) => gone.push(userId));
  await ann.room.leave();
  await until(
    () => gone.length > 0,
    () => ben.room.people,
  );
  expect(gone).toEqual(["ann"]);
  expect(ben.room.people.map(({ userId }) => userId)).toEqual(["ben"]);
});
