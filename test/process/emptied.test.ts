import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { storedRooms } from "./support/stored-room.ts";

/** Rooms whose people vanish with the server, and one in which nobody was any more. */
const LEFT_BEHIND = ["desk:a", "desk:b"];
const EMPTIED = "desk:c";
const ROOMS = [...LEFT_BEHIND, EMPTIED];
const PATIENCE_MS = 30_000;

let server: BareServer;
beforeAll(async () => {
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "worker.ts"));
  // A room looks for those who are gone within a second.
  server = await BareServer.start({ HEARTBEAT_SWEEP_MS: "1000" }, { bundle });
});
afterAll(() => server.stop());

/** Somebody in a room; resolves once the rule about that was told. */
async function enter(room: string, userId: string): Promise<WebSocket> {
  const protocols = ["hibiki.v1.json", `bearer.${tokenFor(userId, SECRETS.AUTH_SECRET)}`];
  const socket = new WebSocket(
    `${server.url.replace("http", "ws")}/v1/rooms/${room}/ws`,
    protocols,
  );
  socket.on("error", () => {});
  await new Promise<void>((resolve) => {
    socket.on("message", (data) => {
      if (String(data).includes('"type":"came"')) resolve();
    });
  });
  return socket;
}

/** What each room has stored, read from its own file: to ask a room would wake it. */
function logs(): Readonly<Record<string, readonly string[]>> {
  const stored = storedRooms(server.data);
  return Object.fromEntries(
    ROOMS.map((room) => [
      room,
      (stored.get(room)?.events ?? []).map(({ userId, type }) => `${userId} ${type}`),
    ]),
  );
}

async function untilEmptied(): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const isEmptied = (events: readonly string[]) => events.at(-1) === "system emptied";
  for (;;) {
    await pause(1_000);
    await server.kill();
    const all = logs();
    await server.up();
    if (ROOMS.every((room) => isEmptied(all[room] ?? [])) || performance.now() > deadline) return;
    await pause(2_000);
  }
}

it("says once of each room that nobody is left, of those whom a SIGKILL took away too (P15.6)", async () => {
  const sockets = await Promise.all(ROOMS.map((room) => enter(room, "ada")));
  sockets[ROOMS.indexOf(EMPTIED)]?.close();
  await pause(500);
  await server.kill();
  const before = logs();
  expect(before[EMPTIED]).toEqual(["ada came", "ada went", "system emptied"]);
  for (const room of LEFT_BEHIND) expect(before[room]).toEqual(["ada came"]);
  await server.up();
  // Nobody comes: what wakes the rooms is the alarm that they had set. And the server dies again.
  await untilEmptied();
  // Whatever came twice would come now.
  await pause(3_000);
  const back = await enter("desk:a", "ada");
  await pause(500);
  await server.kill();
  back.terminate();
  expect(logs()).toEqual({
    "desk:a": ["ada came", "system emptied", "ada came"],
    "desk:b": ["ada came", "system emptied"],
    [EMPTIED]: ["ada came", "ada went", "system emptied"],
  });
});
