import { afterAll, beforeAll, expect, it } from "vitest";
import type { Message } from "../../src/protocol/message.ts";
import type { Notification } from "../../src/protocol/notification.ts";
import { FIRST_RETRY_MS } from "../../src/room/outbox.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { seeded } from "./support/hostile-frames.ts";
import { Person } from "./support/person.ts";
import { type StoredRoom, storedRooms } from "./support/stored-room.ts";
import { faultsOf } from "./support/verdict.ts";
import { workload } from "./support/workload.ts";

const SEED = fromEnv("OUTBOX_SEED", 4_711);
const ROUNDS = fromEnv("OUTBOX_ROUNDS", 24);
const ROOMS = ["red", "blue"];
const SENDERS_PER_ROOM = 3;
/** Who is written to beside the senders: some that are never there. */
const AWAY = ["away-0", "away-1", "away-2"];
const PACE_MS = 15;
const LIFE_MS = { min: 30, max: 400 };
/** The alarm comes after FIRST_RETRY_MS, and again with backoff when a delivery was cut short. */
const DEADLINE_MS = FIRST_RETRY_MS + 20_000;

/** What a message says that others hear of. */
interface Said {
  readonly mentions?: readonly string[];
  readonly replyTo?: number;
}

type Disk = ReadonlyMap<string, StoredRoom>;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({ LIMIT_RESUME_EVENTS: "100000" });
});
afterAll(() => server.stop());

it(`notifies everyone mentioned or answered exactly once over ${ROUNDS} SIGKILLs (seed ${SEED})`, async () => {
  const random = seeded(SEED);
  const rooms = new Map(ROOMS.map((room) => [room, sendersOf(room, random)]));
  const everyone = [...rooms.values()].flat();
  await Promise.all(everyone.map((person) => person.start()));
  for (let round = 0; round < ROUNDS; round++) {
    await pause(LIFE_MS.min + random() * (LIFE_MS.max - LIFE_MS.min));
    await server.kill();
    await server.up();
  }
  await Promise.all(everyone.map((person) => person.finish()));
  for (const person of everyone) person.stop();
  await server.kill();
  const before = storedRooms(server.data);
  const due = [...rooms].flatMap(([room, people]) => noticesDue(before, room, people));

  await server.up();
  const upAt = Date.now();
  const inboxes = [...new Set(due.map(({ recipient }) => recipient))];
  while ((await unread(inboxes)) < due.length && Date.now() < upAt + DEADLINE_MS) await pause(250);
  const allThereMs = Date.now() - upAt;
  // What an inbox got twice, and what leaves the outbox last, would still be on its way.
  await pause(500);
  await server.kill();
  const after = storedRooms(server.data);
  const delivered = inboxes.flatMap((userId) => notificationsOf(after, userId));
  const late = delivered.filter(({ lateMs }) => lateMs > FIRST_RETRY_MS / 2);

  console.log(
    JSON.stringify({
      test: "outbox",
      seed: SEED,
      kills: ROUNDS,
      messages: ROOMS.map((room) => after.get(room)?.events.length),
      inboxes: inboxes.length,
      notices: due.length,
      delivered: delivered.length,
      broughtByAlarm: late.length,
      waitingAtTheLastKill: outboxes(before),
      waitingInTheEnd: outboxes(after),
      allThereMs,
    }),
  );
  for (const [room, people] of rooms) {
    const onDisk = after.get(room);
    if (onDisk === undefined) throw new Error(`${room} was not stored`);
    expect(faultsOf(onDisk, people)).toEqual([]);
  }
  expect(delivered.map(({ key }) => key).sort()).toEqual(due.map(({ key }) => key).sort());
  expect(outboxes(after)).toBe(0);
  // Or no delivery was ever cut short, and this has proved nothing.
  expect(late.length).toBeGreaterThan(0);
});

function sendersOf(room: string, random: () => number): readonly Person[] {
  const userIds = Array.from({ length: SENDERS_PER_ROOM }, (_, i) => `${room}-${i}`);
  return userIds.map((userId) => {
    const mix = { messages: 1, mentions: 0.9 };
    const next = workload(seeded(random() * 2 ** 31), [...userIds, ...AWAY], mix);
    return new Person({ port: server.port, room, userId, next, paceMs: PACE_MS });
  });
}

/** Who must hear of what was acked: those mentioned, and the author answered; nobody of oneself. */
function noticesDue(disk: Disk, room: string, people: readonly Person[]) {
  const events = disk.get(room)?.events ?? [];
  return people.flatMap(({ userId, acked, operations }) =>
    [...acked].flatMap(([messageId, seq]) => {
      const { mentions = [], replyTo = 0 }: Said = operations.get(messageId)?.payload ?? {};
      const answered = events[replyTo - 1];
      const recipients = new Set(mentions);
      if (answered !== undefined) recipients.add(answered.userId);
      recipients.delete(userId);
      return [...recipients].map((recipient) => ({
        recipient,
        key: `${recipient} ${room}#${seq}`,
      }));
    }),
  );
}

/** What lies in an inbox, and how long after its message each came. */
function notificationsOf(disk: Disk, userId: string) {
  return (disk.get(`user:${userId}`)?.events ?? []).map(({ payload }) => {
    const { data, timestamp } = JSON.parse(payload) as Notification & {
      readonly data: { readonly room: string; readonly seq: number };
    };
    const message = disk.get(data.room)?.events[data.seq - 1]?.payload ?? "{}";
    const sentAt = Date.parse((JSON.parse(message) as Message).timestamp);
    return {
      key: `${userId} ${data.room}#${data.seq}`,
      lateMs: Date.parse(timestamp) - sentAt,
    };
  });
}

function outboxes(disk: Disk): number {
  return [...disk.values()].reduce((sum, { outbox }) => sum + outbox, 0);
}

/** Notifications in all of these inboxes, over HTTP: no notice is brought by asking. */
async function unread(userIds: readonly string[]): Promise<number> {
  const headers = { Authorization: `Bearer ${SECRETS.API_KEY}` };
  const counts = await Promise.all(
    userIds.map(async (userId) => {
      const url = `${server.url}/v1/users/${userId}/notifications?limit=1`;
      return ((await (await fetch(url, { headers })).json()) as { unread: number }).unread;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
