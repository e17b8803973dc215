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

it("moves its own player at once to where the server has it, and shows others a moment later", async () => {
  const [ann, ben] = [await enter("ann"), await enter("ben", "msgpack")];
  const eve = await GamePlayer.enter(server.port, "game:field", { userId: "eve", can: ["read"] });
  const id = ann.room.playerId ?? 0;
  const behind: number[] = [];
  const ahead: number[] = [];
  for (const [turn, dx] of [SPEED, -SPEED, SPEED, 0, SPEED].entries()) {
    const before = placeOf(ann, "ann");
    const began = performance.now();
    ann.room.want({ dx, dy: turn * 10 });
    ben.room.want({ dx: -dx, dy: 0 });
    await pause(40);
    const moved = Math.abs(placeOf(ann, "ann").x - before.x);
    // Twice a picture's time has gone by, at the least.
    const expected = ((performance.now() - began) / 1_000) * SPEED;
    if (dx !== 0 && turn !== 1 && turn !== 2) expect(moved).toBeGreaterThan(expected * 0.3);
    await pause(700);
    const told = (eve.mirror.rows.get(id)?.[1] ?? 0) / 100;
    if (dx === 0) continue;
    ahead.push(((placeOf(ann, "ann").x - told) * Math.sign(dx)) / (SPEED / 60));
    behind.push(((told - placeOf(ben, "ann").x) * Math.sign(dx)) / (SPEED / 60));
  }
  ann.room.want({ dx: 0, dy: 0 });
  ben.room.want({ dx: 0, dy: 0 });
  await pause(1_000);
  console.log(JSON.stringify({ test: "game sdk", aheadTicks: ahead, behindTicks: behind }));
  const told = eve.mirror.rows
    .get(id)
    ?.slice(1)
    .map((number) => number / 100);
  expect(Object.values(placeOf(ann, "ann"))).toEqual(told);
  expect(Object.values(placeOf(ben, "ann"))).toEqual(told);
  expect(placeOf(ann, "ben")).toEqual(placeOf(ben, "ben"));
  expect(ann.room.shared).toEqual(ben.room.shared);
  // On one machine the way there and back takes no tick: what is left is when it was looked at.
  for (const ticks of ahead) expect(Math.abs(ticks)).toBeLessThan(4);
  for (const ticks of behind) {
    expect(ticks).toBeGreaterThan(-1);
    expect(ticks).toBeLessThan(6);
  }
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
