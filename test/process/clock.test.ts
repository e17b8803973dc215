import { afterAll, expect, it } from "vitest";
import { FIRST_RETRY_MS } from "../../src/room/outbox.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { seeded } from "./support/hostile-frames.ts";
import { Person, type PersonOptions } from "./support/person.ts";
import { ShiftedClock } from "./support/shifted-clock.ts";
import { storedRooms } from "./support/stored-room.ts";
import { faultsOf } from "./support/verdict.ts";
import { workload } from "./support/workload.ts";

const SEED = fromEnv("CLOCK_SEED", 7);
const ROOM = "time";
const PEOPLE = 6;
const PACE_MS = 15;
const STEP_MS = 500;
const HOUR = 3_600;
/**
 * Where the clock stands, one after the other, in seconds beside the true time; killed where told. It
 * also jumps ahead, by less than the five minutes that a messageId is remembered: beyond them nobody
 * can tell a jump from a long sleep.
 */
const STEPS = [
  { shift: 0, killed: true },
  { shift: -HOUR, killed: false },
  { shift: -2 * HOUR, killed: true },
  { shift: -2 * HOUR + 120, killed: true },
  { shift: -3 * HOUR, killed: true },
  { shift: -4 * HOUR, killed: false },
];

const clock = ShiftedClock.build();
let server: BareServer | undefined;
afterAll(() => server?.stop());
if (typeof clock === "string") console.log(JSON.stringify({ test: "clock", skipped: clock }));

it.skipIf(typeof clock === "string")(
  "keeps seqs, acks and notifications right while the wall clock jumps by hours, back above all",
  async () => {
    if (typeof clock === "string") return;
    const running = await startBy(clock);
    server = running;
    const people = peopleOf(running);
    await Promise.all(people.map((person) => person.start()));
    for (const { shift, killed } of STEPS) {
      clock.shift(shift);
      await pause(STEP_MS);
      if (!killed) continue;
      await running.kill();
      await withClock(clock, () => running.up());
    }
    await Promise.all(people.map((person) => person.finish()));
    const head = Math.max(...people.flatMap(({ acked }) => [...acked.values()]));
    await Promise.all(people.map((person) => person.reaches(head)));
    for (const person of people) person.stop();

    // What a kill cut short was due by a clock that is hours ahead of this one.
    await running.kill();
    const waiting = storedRooms(running.data).get(ROOM)?.outbox ?? 0;
    await withClock(clock, () => running.up());
    const upAt = performance.now();
    const visitor = personOf(running, "visitor", () => undefined);
    await visitor.start();
    await pause(waiting > 0 ? FIRST_RETRY_MS + 1_500 : 500);
    visitor.stop();
    await running.kill();
    const stored = storedRooms(running.data);
    const room = stored.get(ROOM);
    if (room === undefined) throw new Error("nothing was stored");
    console.log(
      JSON.stringify({
        test: "clock",
        seed: SEED,
        shifts: STEPS.map(({ shift }) => shift),
        kills: STEPS.filter(({ killed }) => killed).length + 1,
        acked: people.reduce((sum, { acked }) => sum + acked.size, 0),
        stored: room.events.length,
        duplicatesAnswered: people.reduce((sum, { duplicates }) => sum + duplicates, 0),
        waitingAtTheLastKill: waiting,
        waitingInTheEnd: room.outbox,
        waitedMs: Math.round(performance.now() - upAt),
      }),
    );
    expect(faultsOf(room, people)).toEqual([]);
    expect(room.outbox).toBe(0);
    for (const { fold } of people) expect(fold.messages).toEqual(people[0]?.fold.messages);
  },
);

function peopleOf(running: BareServer): readonly Person[] {
  const random = seeded(SEED);
  const userIds = Array.from({ length: PEOPLE }, (_, i) => `person-${i}`);
  const mix = { messages: 0.8, mentions: 0.8 };
  return userIds.map((userId) =>
    personOf(running, userId, workload(seeded(random() * 2 ** 31), userIds, mix)),
  );
}

function personOf({ port }: BareServer, userId: string, next: PersonOptions["next"]): Person {
  return new Person({ port, room: ROOM, userId, next, paceMs: PACE_MS });
}

function startBy(clock: ShiftedClock): Promise<BareServer> {
  return withClock(clock, () => BareServer.start({ LIMIT_RESUME_EVENTS: "100000" }));
}

/** Children inherit the environment; only the server may live by that clock. */
async function withClock<T>(clock: ShiftedClock, start: () => Promise<T>): Promise<T> {
  Object.assign(process.env, clock.environment);
  try {
    return await start();
  } finally {
    for (const name of Object.keys(clock.environment)) delete process.env[name];
  }
}
