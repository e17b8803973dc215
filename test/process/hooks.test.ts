import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { HookLedger, type Taken } from "./support/hook-ledger.ts";
import { Person } from "./support/person.ts";
import { storedRooms } from "./support/stored-room.ts";
import { until } from "./support/until.ts";
import { workload } from "./support/workload.ts";

const SEED = fromEnv("HOOKS_SEED", 1_963);
const ROUNDS = fromEnv("HOOKS_ROUNDS", 12);
const ROOMS = ["red", "blue"];
const LIFE_MS = { min: 100, max: 900 };

const random = seededRandom(SEED);
let ledger: HookLedger;
let server: BareServer;

beforeAll(async () => {
  ledger = await HookLedger.start(seededRandom(SEED + 1));
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "hooked-worker.ts"));
  server = await BareServer.start(ledger.vars, { bundle });
});
afterAll(async () => {
  await server.stop();
  await ledger.stop();
});

it(`tells webhooks everything in order, and runs each rule, over ${ROUNDS} SIGKILLs (P13.3, P13.5; seed ${SEED})`, async () => {
  const people = ROOMS.flatMap((room) => ["ada", "ben"].map((userId) => personIn(room, userId)));
  await Promise.all(people.map((person) => person.join()));
  ledger.moods = { refuses: 0.02, forgetsToAnswer: 0.02 };
  for (const person of people) person.work();
  let waitingAtAKill = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await pause(LIFE_MS.min + random() * (LIFE_MS.max - LIFE_MS.min));
    await server.kill();
    for (const { outbox } of storedRooms(server.data).values()) waitingAtAKill += outbox;
    await server.up();
  }
  await Promise.all(people.map((person) => person.finish()));
  ledger.moods = { refuses: 0, forgetsToAnswer: 0 };
  const heads = await Promise.all(ROOMS.map((room) => new Backend(server.url, room).head()));
  const stored = heads.reduce((sum, head) => sum + head, 0);
  await until(
    () => firstOf(ledger.taken).length >= stored,
    () => ledger.taken.length,
  );
  for (const person of people) person.stop();
  await pause(1_000);
  await server.kill();
  const rooms = storedRooms(server.data);
  const first = firstOf(ledger.taken);

  console.log(
    JSON.stringify({
      test: "hooks",
      seed: SEED,
      kills: ROUNDS,
      stored,
      taken: ledger.taken.length,
      again: ledger.taken.length - first.length,
      failedAttempts: ledger.failed,
      rules: ledger.afters.length,
      waitingAtAKill,
    }),
  );
  expect(ledger.faults).toEqual([]);
  let messages = 0;
  for (const room of ROOMS) {
    const onDisk = rooms.get(room);
    if (onDisk === undefined) throw new Error(`${room} was not stored`);
    const told = first.filter(({ room: of }) => of === room);
    // In order, none missing: whoever keeps the first of each id has the log.
    expect(told.map(({ seq }) => seq)).toEqual(onDisk.events.map(({ seq }) => seq));
    messages += told.filter(({ type }) => type === "new_message").length;
    expect(onDisk.outbox).toBe(0);
  }
  expect(new Set(ledger.afters).size).toBe(messages);
  // Or nothing was ever cut short, and this has proved nothing.
  expect(waitingAtAKill).toBeGreaterThan(0);
});

function personIn(room: string, userId: string): Person {
  const mix = { messages: 0.7, mentions: 0 };
  const next = workload(seededRandom(random() * 2 ** 31), ["ada", "ben"], mix);
  return new Person({ port: server.port, room, userId, next, paceMs: 40 });
}

/** Each message by its first coming, as whoever goes by their ids has them. */
function firstOf(taken: readonly Taken[]): readonly Taken[] {
  const seen = new Set<string>();
  return taken.filter(({ id }) => !seen.has(id) && seen.add(id));
}
