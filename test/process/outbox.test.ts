import { afterAll, beforeAll, expect, it } from "vitest";
import { FIRST_RETRY_MS } from "../../src/room/store/outbox.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { outboxes, settledNotices } from "./support/notices.ts";
import { Person } from "./support/person.ts";
import { storedRooms } from "./support/stored-room.ts";
import { until } from "./support/until.ts";
import { faultsOf } from "./support/verdict.ts";
import { workload } from "./support/workload.ts";

const SEED = fromEnv("OUTBOX_SEED", 4_711);
const ROUNDS = fromEnv("OUTBOX_ROUNDS", 24);
const ROOMS = ["red", "blue"];
const SENDERS_PER_ROOM = 3;
/** Who is written to beside the senders: some that said one thing once, and are never there again. */
const AWAY = ["away-0", "away-1", "away-2"];
const PACE_MS = 15;
const LIFE_MS = { min: 30, max: 400 };

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({ LIMIT_RESUME_EVENTS: "100000" });
});
afterAll(() => server.stop());

it(`notifies everyone mentioned or answered exactly once over ${ROUNDS} SIGKILLs (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const away = new Map(ROOMS.map((room) => [room, guestsOf(room)]));
  const senders = new Map(ROOMS.map((room) => [room, sendersOf(room, random)]));
  const rooms = new Map(
    ROOMS.map((room) => [room, [...(away.get(room) ?? []), ...(senders.get(room) ?? [])]]),
  );
  const everyone = [...senders.values()].flat();
  // First of all, for whoever joins later does not fold what was said before.
  await Promise.all(everyone.map((person) => person.join()));
  for (const guest of [...away.values()].flat()) {
    await guest.join();
    guest.work();
    await until(() => guest.acked.size > 0);
    guest.stop();
  }
  for (const person of everyone) person.work();
  let cutShort = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await pause(LIFE_MS.min + random() * (LIFE_MS.max - LIFE_MS.min));
    await server.kill();
    cutShort += outboxes(storedRooms(server.data));
    await server.up();
  }
  await Promise.all(everyone.map((person) => person.finish()));
  for (const person of everyone) person.stop();
  const settled = await settledNotices(server, rooms);
  const { delivered, before, after } = settled;
  const late = delivered.filter(({ lateMs }) => lateMs > FIRST_RETRY_MS / 2);

  console.log(
    JSON.stringify({
      test: "outbox",
      seed: SEED,
      kills: ROUNDS,
      messages: ROOMS.map((room) => after.get(room)?.events.length),
      inboxes: settled.inboxes,
      notices: settled.due.length,
      delivered: delivered.length,
      waitingAtAKill: cutShort,
      broughtByAlarm: late.length,
      waitingAtTheLastKill: outboxes(before),
      waitingInTheEnd: outboxes(after),
      allThereMs: settled.allThereMs,
    }),
  );
  for (const [room, people] of rooms) {
    const onDisk = after.get(room);
    if (onDisk === undefined) throw new Error(`${room} was not stored`);
    expect(faultsOf(onDisk, people)).toEqual([]);
  }
  expect(delivered.map(({ key }) => key).sort()).toEqual(settled.due);
  expect(outboxes(after)).toBe(0);
  // Or no delivery was ever cut short, and this has proved nothing.
  expect(cutShort).toBeGreaterThan(0);
});

/** People who say one thing, so that the room knows them. */
function guestsOf(room: string): readonly Person[] {
  return AWAY.map((userId) => {
    const messageId = `${userId} in ${room}`;
    const hello = { messageId, type: "send_message", payload: { content: "bye" } } as const;
    const next = (person: Person) => (person.operations.size === 0 ? hello : undefined);
    return new Person({ port: server.port, room, userId, next, paceMs: PACE_MS });
  });
}

function sendersOf(room: string, random: () => number): readonly Person[] {
  const userIds = Array.from({ length: SENDERS_PER_ROOM }, (_, i) => `${room}-${i}`);
  return userIds.map((userId) => {
    const mix = { messages: 1, mentions: 0.9 };
    const next = workload(seededRandom(random() * 2 ** 31), [...userIds, ...AWAY], mix);
    return new Person({ port: server.port, room, userId, next, paceMs: PACE_MS });
  });
}
