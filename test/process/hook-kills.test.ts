import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { tally } from "../fixtures/kinds/tally.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { HookLedger } from "./support/hook-ledger.ts";
import { printed } from "./support/printed.ts";
import { type StoredRoom, storedRooms } from "./support/stored-room.ts";
import { until } from "./support/until.ts";

const SEED = fromEnv("HOOK_KILLS_SEED", 2_041);
const ROUNDS = fromEnv("HOOK_KILLS_ROUNDS", 3);
const ROOM = "tally:kills";
/** Where the server is ended, and how it is known to be there. */
const WINDOWS = ["review", "before", "commit", "after", "webhook", "timers"] as const;
type Window = (typeof WINDOWS)[number];

const PATHS: Readonly<Partial<Record<Window, string>>> = {
  review: "/review",
  after: "/after",
  webhook: "/",
};
/** How long whoever is asked in a window keeps the server waiting, in milliseconds. */
const HOLD_MS = 300;

const random = seededRandom(SEED);
let ledger: HookLedger;
let server: BareServer;

beforeAll(async () => {
  ledger = await HookLedger.start(seededRandom(SEED + 1));
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "killed-worker.ts"));
  server = await BareServer.start(ledger.vars, { bundle });
});
afterAll(async () => {
  await server.stop();
  await ledger.stop();
});

it(`loses nothing and does nothing twice, wherever a hook is when the server dies: ${ROUNDS} SIGKILLs in each of ${WINDOWS.join(", ")} (P13.2, P13.5; seed ${SEED})`, async () => {
  const said: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const window of WINDOWS) {
      const key = `${window}-${round}`;
      said.push(key);
      const entered = entering(window);
      const answered = say(key, window);
      // What is answered is on disk, and whatever follows from it has yet to come.
      await Promise.race([window === "commit" ? answered : entered, pause(10_000)]);
      if (window !== "commit") await pause(random() * 100);
      await server.kill();
      await server.up();
      await answered;
    }
  }
  const rang = ROUNDS;
  await until(
    () => firstIds().length >= said.length + rang && new Set(ledger.afters).size >= said.length,
    () => `${firstIds().length} webhooks, ${new Set(ledger.afters).size} rules`,
  );
  const state = await stateOf();
  await pause(1_000);
  await server.kill();
  const room = storedRooms(server.data).get(ROOM);
  if (room === undefined) throw new Error("The room was not stored.");
  console.log(
    JSON.stringify({
      test: "hook-kills",
      seed: SEED,
      kills: ROUNDS * WINDOWS.length,
      windows: Object.fromEntries(caught),
      stored: room.events.length,
      webhooks: ledger.taken.length,
      afters: ledger.afters.length,
    }),
  );
  // Each window was met, or this has proved nothing of it.
  for (const window of WINDOWS) {
    if (window !== "commit") expect(caught.get(window), window).toBe(ROUNDS);
  }
  const added = room.events.filter(({ type }) => type === "add");
  expect(added.map(({ messageId }) => messageId)).toEqual(said);
  expect(room.events.filter(({ type }) => type === "rang")).toHaveLength(rang);
  expect(state).toEqual(replayed(room));
  expect(new Set(ledger.afters).size).toBe(added.length);
  const told = ledger.taken.filter(({ id }, at, all) => all.findIndex((t) => t.id === id) === at);
  expect(told.map(({ seq }) => seq)).toEqual(room.events.map(({ seq }) => seq));
  expect([room.outbox, room.integrity, ledger.faults]).toEqual([0, "ok", []]);
});

/** How often the server was ended in a window. */
const caught = new Map<Window, number>();

/** Resolves once a rule, or whoever it asks, is in a window. */
function entering(window: Window): Promise<void> {
  const enter = (resolve: () => void) => {
    caught.set(window, (caught.get(window) ?? 0) + 1);
    resolve();
  };
  const path = PATHS[window];
  if (path === undefined) return printed(server, `[in ${window}]`).then(() => new Promise(enter));
  return new Promise((resolve) => {
    ledger.asked = async (asked) => {
      if (asked !== path) return;
      ledger.asked = async () => {};
      enter(resolve);
      await pause(HOLD_MS);
    };
  });
}

/** Says it until it is answered, as every client does. */
async function say(key: string, window: Window): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const response = await ask("POST", "/events/add", {
      headers: { "Idempotency-Key": key },
      // One window each: what is sent again after the kill goes through.
      body: JSON.stringify({ n: numberOf(key), window }),
    });
    if (response?.ok === true) return;
    await pause(50);
  }
  throw new Error(`"${key}" was never answered.`);
}

/** A number of each key's own, so that no sum comes about in two ways. */
function numberOf(key: string): number {
  const [window, round] = key.split("-");
  return 8 ** WINDOWS.indexOf(window as Window) * (Number(round) + 1);
}

async function ask(
  method: string,
  path: string,
  more: RequestInit = {},
): Promise<Response | undefined> {
  try {
    const headers = { Authorization: `Bearer ${SECRETS.API_KEY}`, ...more.headers };
    return await fetch(`${server.url}/v1/rooms/${ROOM}${path}`, { ...more, method, headers });
  } catch {
    // The server died meanwhile.
    return undefined;
  }
}

async function stateOf(): Promise<unknown> {
  const response = await ask("GET", "/state");
  return ((await response?.json()) as { state: unknown } | undefined)?.state;
}

/** The state by what lies on the disk, folded by the contract alone. */
function replayed({ events }: StoredRoom): unknown {
  const apply = tally.apply as Readonly<
    Record<string, (state: unknown, event: { readonly data: unknown }) => unknown>
  >;
  return events.reduce<unknown>(
    (state, { type, payload }) => apply[type]?.(state, { data: JSON.parse(payload) }) ?? state,
    tally.initial,
  );
}

function firstIds(): readonly string[] {
  return [...new Set(ledger.taken.map(({ id }) => id))];
}
