import { afterAll, beforeAll, expect, it } from "vitest";
import { FIRST_RETRY_MS } from "../../src/room/store/outbox.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { Person, type PersonOptions } from "./support/person.ts";
import { ShiftedClock } from "./support/shifted-clock.ts";
import { storedRooms } from "./support/stored-room.ts";
import { sum } from "./support/sum.ts";
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
const STEPS_BACK = 4;
/** What a kill cuts short is due by a clock that is an hour ahead of this one. */
const LAST_SHIFT = -5 * HOUR;
/** A kill does not always come between a message and its notices. */
const KILLS_AT_MOST = 20;

let clock: ShiftedClock | string;
let server: BareServer | undefined;
beforeAll(() => {
  clock = ShiftedClock.build();
});
afterAll(() => server?.stop());

it("keeps seqs, acks and notifications right while the wall clock jumps by hours, back above all", async ({
  skip,
}) => {
  if (typeof clock === "string") return skip(clock);
  const running = await BareServer.start(
    { LIMIT_RESUME_EVENTS: "100000" },
    { env: clock.environment },
  );
  server = running;
  const people = peopleOf(running, "person");
  await Promise.all(people.map((person) => person.join()));
  for (const person of people) person.work();
  for (const { shift, killed } of STEPS) {
    clock.shift(shift);
    await pause(STEP_MS);
    if (!killed) continue;
    await running.kill();
    await running.up();
  }
  await Promise.all(people.map((person) => person.finish()));
  const head = Math.max(...people.flatMap(({ acked }) => [...acked.values()]));
  await Promise.all(people.map((person) => person.reaches(head)));
  for (const person of people) person.stop();

  const hasty = peopleOf(running, "hasty");
  const { waiting, kills } = await cutShort(running, hasty);
  clock.shift(LAST_SHIFT);
  await running.up();
  const visitor = personOf(running, "visitor", () => undefined);
  await visitor.join();
  await pause(FIRST_RETRY_MS + 1_500);
  visitor.stop();
  await running.kill();
  const room = storedRooms(running.data).get(ROOM);
  if (room === undefined) throw new Error("nothing was stored");
  const jumps = room.events.map(({ at }, i) => at - (room.events[i - 1]?.at ?? at));
  const jumpsBack = jumps.filter((ms) => ms < (-HOUR / 2) * 1_000);
  const everyone = [...people, ...hasty];
  console.log(
    JSON.stringify({
      test: "clock",
      seed: SEED,
      shifts: [...STEPS.map(({ shift }) => shift), LAST_SHIFT],
      kills: STEPS.filter(({ killed }) => killed).length + kills,
      acked: sum(everyone, ({ acked }) => acked.size),
      stored: room.events.length,
      storedJumpsBackS: jumpsBack.map((ms) => Math.round(ms / 1_000)),
      duplicatesAnswered: sum(everyone, ({ duplicates }) => duplicates),
      waitingAtTheLastKill: waiting,
      waitingInTheEnd: room.outbox,
    }),
  );
  // Or the server lived by another clock than the one that was set.
  expect(jumpsBack).toHaveLength(STEPS_BACK);
  expect(faultsOf(room, everyone)).toEqual([]);
  expect(waiting).toBeGreaterThan(0);
  expect(room.outbox).toBe(0);
  for (const { fold } of people) expect(fold.messages).toEqual(people[0]?.fold.messages);
});

/** Lets people work, and kills the server under them until notices are left waiting. */
async function cutShort(running: BareServer, people: readonly Person[]) {
  let waiting = 0;
  let kills = 0;
  await Promise.all(people.map((person) => person.join()));
  for (const person of people) person.work();
  while (waiting === 0 && kills < KILLS_AT_MOST) {
    if (!running.isAlive) await running.up();
    await pause(STEP_MS);
    await running.kill();
    kills += 1;
    waiting = storedRooms(running.data).get(ROOM)?.outbox ?? 0;
  }
  for (const person of people) person.stop();
  return { waiting, kills };
}

function peopleOf(running: BareServer, name: string): readonly Person[] {
  const random = seededRandom(SEED);
  const userIds = Array.from({ length: PEOPLE }, (_, i) => `${name}-${i}`);
  const mix = { messages: 0.8, mentions: 0.8 };
  return userIds.map((userId) =>
    personOf(running, userId, workload(seededRandom(random() * 2 ** 31), userIds, mix)),
  );
}

function personOf({ port }: BareServer, userId: string, next: PersonOptions["next"]): Person {
  return new Person({ port, room: ROOM, userId, next, paceMs: PACE_MS });
}
