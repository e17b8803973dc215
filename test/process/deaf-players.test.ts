import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GAME_BOUNDS } from "../../src/protocol/game-limits.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { DeafSocket } from "./support/deaf-socket.ts";
import { GamePlayer } from "./support/game-player.ts";
import { until } from "./support/until.ts";

/** What a room may cost whatever one address does to it: an object has no more (FAULTS K4). */
const ALLOWED_MB = 128;
const ROOM = "game:deaf";
const DEAF = 100;
const TICK_HZ = 30;
/** 10 MB to each, were all of it sent: more than twice what the kernel holds for one that reads nothing. */
const PLAYED_MS = 25_000;
/** Players who read, and how long one of them does not. */
const CROWD = 20;
const PAUSED_MS = 8_000;
const SAID = JSON.stringify({ type: "player_input", payload: {} });

let server: BareServer;
beforeAll(async () => {
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "games", "spinning-worker.ts"));
  server = await BareServer.start({}, { bundle, limits: "default" });
});
afterAll(() => server.stop());

it(`costs no more than its object has where ${DEAF} players say things and read nothing (P19.9)`, async () => {
  const reader = await GamePlayer.enter(server.port, ROOM, { userId: "reader" });
  await pause(2_000);
  const before = server.usage().rssBytes;
  server.forgetPeak();
  const deaf = Array.from({ length: DEAF }, (_, at) =>
    DeafSocket.webSocket(server.port, `/v1/rooms/${ROOM}/ws`, `deaf-${at}`, "plain"),
  );
  const saying = setInterval(() => {
    for (const socket of deaf) socket.tell(SAID);
  }, 500);
  let plain = await enterPlain();
  let comebacks = 0;
  const began = performance.now();
  const told = reader.states.length;
  while (performance.now() - began < PLAYED_MS) {
    await pause(50);
    if (!plain.isClosed) continue;
    comebacks += 1;
    plain = await enterPlain();
  }
  clearInterval(saying);
  const grownMb = Math.round((server.peakBytes - before) / 1e6);
  const perSecond = ((reader.states.length - told) * 1_000) / (performance.now() - began);
  console.log(
    JSON.stringify({
      test: "deaf-players",
      grownMb,
      perSecond: Math.round(perSecond),
      comebacks,
    }),
  );
  expect(grownMb).toBeLessThan(ALLOWED_MB);
  expect(reader.isClosed).toBe(false);
  // The machine is busy with a hundred others at first.
  expect(perSecond).toBeGreaterThan(TICK_HZ / 2);
  for (const socket of deaf) socket.close();
  plain.close();
  reader.close();
});

it("has no queue for a player who stops reading for a while, who is told all then (P19.9)", async () => {
  const room = "game:paused";
  const all = await Promise.all(
    Array.from({ length: CROWD }, (_, at) =>
      GamePlayer.enter(server.port, room, { userId: `player-${at}` }),
    ),
  );
  const [paused, other] = all;
  if (paused === undefined || other === undefined) throw new Error("Nobody came.");
  await pause(1_000);
  paused.read(false);
  const stood = paused.states.length;
  await pause(PAUSED_MS);
  paused.read(true);
  const behindBy = other.mirror.tick - (paused.states[stood - 1]?.tick ?? 0);
  await until(
    () => paused.mirror.tick >= other.mirror.tick - 2,
    () => [paused.mirror.tick, other.mirror.tick],
  );
  const told = paused.states.slice(stood);
  const gap = told.findIndex(({ tick }, at) => at > 0 && tick > (told[at - 1]?.tick ?? 0) + 30);
  const bytes = told.slice(0, gap).reduce((sum, state) => sum + JSON.stringify(state).length, 0);
  console.log(JSON.stringify({ test: "paused-player", behindBy, queued: gap, bytes }));
  expect(gap).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(GAME_BOUNDS.unreadBytes * 1.5);
  expect(told[gap]).toMatchObject({ full: true });
  expect(told[gap]?.who).toHaveLength(CROWD);
  for (const player of all) player.close();
});

/** One that reads, and knows no marks. */
function enterPlain(): Promise<GamePlayer> {
  return GamePlayer.enter(server.port, ROOM, { userId: "plain", answersMarks: false });
}
