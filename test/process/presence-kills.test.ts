import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { hall } from "../fixtures/kinds/hall.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { askJson } from "./support/asking.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { HookLedger } from "./support/hook-ledger.ts";
import { printed } from "./support/printed.ts";
import { type StoredRoom, storedRooms } from "./support/stored-room.ts";
import { until } from "./support/until.ts";

const SEED = fromEnv("PRESENCE_KILLS_SEED", 3_307);
const ROUNDS = fromEnv("PRESENCE_KILLS_ROUNDS", 3);
/** How long the backend keeps the server waiting, in milliseconds. */
const HOLD_MS = 300;

/** What a room has stored in the end, by the rule in which the server died. */
const STORED = {
  // Of who was not in yet nothing is stored: they come as anybody does.
  authorize: ["came", "went", "emptied"],
  joined: ["came", "went", "emptied"],
  // After a crash presence begins anew: nobody leaves, and a wake finds nobody.
  left: ["came", "emptied"],
  empty: ["came", "emptied"],
} as const;
const WINDOWS = ["authorize", "joined", "left", "empty"] as const;
type Window = (typeof WINDOWS)[number];

const random = seededRandom(SEED);
let ledger: HookLedger;
let server: BareServer;

beforeAll(async () => {
  ledger = await HookLedger.start(seededRandom(SEED + 1));
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "hall-worker.ts"));
  // A room looks for those who are gone within a second.
  server = await BareServer.start({ ...ledger.vars, HEARTBEAT_SWEEP_MS: "1000" }, { bundle });
});
afterAll(async () => {
  await server.stop();
  await ledger.stop();
});

it(`stores nothing by half, and says once that nobody is left, wherever a rule on who comes and goes is when the server dies: ${ROUNDS} SIGKILLs in each of ${WINDOWS.join(", ")} (P14.2, P15.2, P15.6; seed ${SEED})`, async () => {
  const rooms = new Map<string, Window>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const window of WINDOWS) {
      const userId = `${window}-${round}`;
      const room = `hall:${userId}`;
      rooms.set(room, window);
      let isIn = false;
      void entering(window).then(() => {
        isIn = true;
      });
      const first = open(room, userId);
      if (window === "left" || window === "empty") {
        await seen(first, "came");
        first.close();
      }
      await until(
        () => isIn,
        () => `never in ${userId}`,
        30_000,
      );
      await pause(random() * 100);
      await server.kill();
      first.terminate();
      await server.up();
      if (window === "authorize" || window === "joined") {
        expect(await seqOf(room), userId).toBe(0);
        const again = open(room, userId);
        await seen(again, "came");
        again.close();
      }
      const { length } = STORED[window];
      for (let tries = 0; (await seqOf(room)) < length && tries < 300; tries++) await pause(100);
    }
  }
  // Whatever came twice would come now.
  await pause(3_000);
  const states = new Map<string, unknown>();
  for (const room of rooms.keys())
    states.set(
      room,
      (await askJson<{ state: unknown }>(`${server.url}/v1/rooms/${room}/state`)).state,
    );
  await server.kill();
  const stored = storedRooms(server.data);
  console.log(JSON.stringify({ test: "presence-kills", seed: SEED, kills: rooms.size }));
  for (const [name, window] of rooms) {
    const room = stored.get(name);
    expect([name, room?.events.map(({ type }) => type)]).toEqual([name, STORED[window]]);
    expect([name, states.get(name)]).toEqual([name, room && replayed(room)]);
    expect(room?.integrity).toBe("ok");
  }
});

/** Resolves once a rule, or whoever it asks, is in a window. */
function entering(window: Window): Promise<void> {
  if (window !== "authorize") return printed(server, `[in ${window}]`);
  return new Promise((resolve) => {
    ledger.asked = async () => {
      ledger.asked = async () => {};
      resolve();
      await pause(HOLD_MS);
    };
  });
}

function open(room: string, userId: string): WebSocket {
  const protocols = ["hibiki.v1.json", `bearer.${tokenFor(userId, SECRETS.AUTH_SECRET)}`];
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/rooms/${room}/ws`, protocols);
  socket.on("error", () => {});
  return socket;
}

/** Resolves once an event of this type was told. */
async function seen(socket: WebSocket, type: string): Promise<void> {
  let isSeen = false;
  socket.on("message", (data) => {
    isSeen ||= String(data).includes(`"type":"${type}"`);
  });
  await until(() => isSeen);
}

async function seqOf(room: string): Promise<number> {
  return (await askJson<{ seq: number }>(`${server.url}/v1/rooms/${room}/state`)).seq;
}

/** The state by what lies on the disk, folded by the contract alone. */
function replayed({ events }: StoredRoom): unknown {
  const apply = hall.apply as Readonly<
    Record<string, (state: unknown, event: { readonly actorId: string }) => unknown>
  >;
  return events.reduce<unknown>(
    (state, { type, userId }) => apply[type]?.(state, { actorId: userId }) ?? state,
    hall.initial,
  );
}
