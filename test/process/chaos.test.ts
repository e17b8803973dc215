import { afterAll, beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { pause } from "../support/pause.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { Fold, type Shown } from "./support/fold.ts";
import { outboxes, settledNotices } from "./support/notices.ts";
import { Person } from "./support/person.ts";
import { sum } from "./support/sum.ts";
import { until } from "./support/until.ts";
import { ackedEvents, faultsOf } from "./support/verdict.ts";
import { workload } from "./support/workload.ts";

const SEED = fromEnv("CHAOS_SEED", 20_261_124);
const ROUNDS = fromEnv("CHAOS_ROUNDS", 20);
const ROOMS = ["north", "east", "south", "west"];
const PEOPLE_PER_ROOM = 5;
/** One operation a person in this time: 800 a second in all. */
const PACE_MS = 25;
/** A server lives so long, by chance, and works all the while. */
const LIFE_MS = { min: 100, max: 800 };

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({ LIMIT_RESUME_EVENTS: "100000" });
});
afterAll(() => server.stop());

it(`keeps what it acked, once and in order, and shows everyone the same log over ${ROUNDS} SIGKILLs (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const rooms = new Map(ROOMS.map((room) => [room, peopleOf(room, random)]));
  const everyone = [...rooms.values()].flat();
  await Promise.all(everyone.map((person) => person.join()));
  for (const person of everyone) person.work();
  // What nobody ever wrote to has only its sockets to live on, and a new life when they are gone.
  const isWritten = (people: readonly Person[]) => people.some(({ acked }) => acked.size > 0);
  await until(() => [...rooms.values()].every(isWritten));

  const restartMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await pause(LIFE_MS.min + random() * (LIFE_MS.max - LIFE_MS.min));
    await server.kill();
    const killedAt = performance.now();
    await server.up();
    restartMs.push(Math.round(performance.now() - killedAt));
  }
  await Promise.all(everyone.map((person) => person.finish()));

  const histories = new Map<string, readonly Shown[]>();
  for (const [room, people] of rooms) {
    const backend = new Backend(server.url, room);
    histories.set(room, await backend.history());
    const head = await backend.head();
    await Promise.all(people.map((person) => person.reaches(head)));
  }
  for (const person of everyone) person.stop();
  const notices = await settledNotices(server, rooms);
  const stored = notices.after;
  const resent = sum(everyone, (person) => person.resent);
  const recoveries = sum(everyone, (person) => person.recoveries);

  console.log(
    JSON.stringify({
      test: "chaos",
      seed: SEED,
      kills: ROUNDS,
      clients: everyone.length,
      rooms: ROOMS.length,
      operations: sum(everyone, ({ operations }) => operations.size),
      acked: sum(everyone, ({ acked }) => acked.size),
      refused: sum(everyone, ({ refused }) => refused.size),
      stored: ROOMS.map((room) => stored.get(room)?.events.length),
      resent,
      duplicatesAnswered: sum(everyone, ({ duplicates }) => duplicates),
      recoveries,
      notices: notices.due.length,
      waitingAtTheLastKill: outboxes(notices.before),
      deleted: [...histories.values()].flat().filter(({ deleted }) => deleted === true).length,
      restartMsMedian: restartMs.sort((a, b) => a - b)[ROUNDS >> 1],
    }),
  );
  // Or no kill cut anything short, and this has proved nothing.
  expect(resent).toBeGreaterThan(0);
  expect(recoveries).toBeGreaterThan(0);
  expect(notices.due.length).toBeGreaterThan(0);
  expect(notices.delivered.map(({ key }) => key).sort()).toEqual(notices.due);
  expect(outboxes(stored)).toBe(0);
  for (const [name, people] of rooms) {
    const room = stored.get(name);
    if (room === undefined) throw new Error(`${name} was not stored`);
    expect(faultsOf(room, people)).toEqual([]);
    expect(ackedEvents(room, people)).toBe(room.events.length);
    const replayed = new Fold();
    for (const { seq, type, payload } of room.events) {
      replayed.take({ type, seq, payload: JSON.parse(payload) });
    }
    const erased = deletedContents(people);
    for (const view of [replayed.messages, ...people.map(({ fold }) => fold.messages)]) {
      expect(view).toEqual(histories.get(name));
    }
    expect(erased.length).toBeGreaterThan(0);
    expect(
      room.events.filter(({ payload }) => erased.some((text) => payload.includes(text))),
    ).toEqual([]);
    // A person is refused only what somebody deleted first.
    for (const { refused } of people) {
      expect([...refused.values()].filter((code) => code !== "not_found")).toEqual([]);
    }
  }
});

function peopleOf(room: string, random: () => number): readonly Person[] {
  const userIds = Array.from({ length: PEOPLE_PER_ROOM }, (_, i) => `${room}-${i}`);
  return userIds.map((userId) => {
    const next = workload(seededRandom(random() * 2 ** 31), userIds, {
      messages: 0.6,
      mentions: 0.3,
    });
    return new Person({ port: server.port, room, userId, next, paceMs: PACE_MS });
  });
}

/** Whatever was once said in a message that is deleted now. */
function deletedContents(people: readonly Person[]): readonly string[] {
  const fold = people[0]?.fold;
  return people.flatMap(({ operations, acked }) =>
    [...operations.values()].flatMap(({ messageId, type, payload }) => {
      const seq = type === "edit_message" ? Number(payload["seq"]) : (acked.get(messageId) ?? 0);
      const isText = type === "edit_message" || type === "send_message";
      return isText && acked.has(messageId) && fold?.at(seq)?.deleted === true
        ? [String(payload["content"])]
        : [];
    }),
  );
}
