import type { Notification } from "../../../src/protocol/notification.ts";
import { FIRST_RETRY_MS } from "../../../src/room/store/outbox.ts";
import { pause } from "../../support/pause.ts";
import { SECRETS } from "../../support/server.ts";
import type { BareServer } from "./bare-server.ts";
import type { Person } from "./person.ts";
import { type StoredRoom, storedRooms } from "./stored-room.ts";
import { sum } from "./sum.ts";

/** What a message says that others hear of. */
interface Said {
  readonly mentions?: readonly string[];
  readonly replyTo?: number;
}

/** Rooms on the disk, by name. */
export type Disk = ReadonlyMap<string, StoredRoom>;

/** A notification in an inbox, and how long after its message it came. */
export interface Delivered {
  readonly key: string;
  readonly lateMs: number;
}

/** What became of the notices that the people of some rooms caused. */
export interface Settled {
  /** Who is to hear of which message, sorted. */
  readonly due: readonly string[];
  readonly delivered: readonly Delivered[];
  readonly inboxes: number;
  readonly allThereMs: number;
  /** The disk before and after they were waited for. */
  readonly before: Disk;
  readonly after: Disk;
}

/** The alarm comes after FIRST_RETRY_MS, and again with backoff when a delivery was cut short. */
const DEADLINE_MS = FIRST_RETRY_MS + 20_000;

/** Kills a server, brings it back, gives it time to deliver what is due, and kills it again. */
export async function settledNotices(
  server: BareServer,
  rooms: ReadonlyMap<string, readonly Person[]>,
): Promise<Settled> {
  await server.kill();
  const before = storedRooms(server.data);
  const notices = [...rooms].flatMap(([room, people]) => noticesDue(before, room, people));
  await server.up();
  const upAt = performance.now();
  const inboxes = [...new Set(notices.map(({ recipient }) => recipient))];
  while (
    (await unread(server, inboxes)) < notices.length &&
    performance.now() < upAt + DEADLINE_MS
  ) {
    await pause(250);
  }
  const allThereMs = Math.round(performance.now() - upAt);
  // What an inbox got twice, and what leaves the outbox last, would still be on its way. What had come
  // when the server was killed, and was not struck off, is seen to by the alarm, though all are there.
  const byAlarm = outboxes(before) > 0 ? upAt + FIRST_RETRY_MS + 1_500 - performance.now() : 0;
  await pause(Math.max(500, byAlarm));
  await server.kill();
  const after = storedRooms(server.data);
  return {
    due: notices.map(({ key }) => key).sort(),
    delivered: inboxes.flatMap((userId) => notificationsOf(after, userId)),
    inboxes: inboxes.length,
    allThereMs,
    before,
    after,
  };
}

/** How many notices wait in all outboxes. */
export function outboxes(disk: Disk): number {
  return sum([...disk.values()], ({ outbox }) => outbox);
}

/**
 * Who must hear of what was acked: those mentioned, and the author answered unless that message was
 * deleted before; nobody of oneself.
 */
function noticesDue(disk: Disk, room: string, people: readonly Person[]) {
  const events = disk.get(room)?.events ?? [];
  const deletions = deletionsOf(people);
  return people.flatMap(({ userId, acked, operations }) =>
    [...acked].flatMap(([messageId, seq]) => {
      const { mentions = [], replyTo = 0 }: Said = operations.get(messageId)?.payload ?? {};
      const answered = events[replyTo - 1];
      const recipients = new Set(mentions);
      const isThere = seq < (deletions.get(replyTo) ?? Number.POSITIVE_INFINITY);
      if (answered !== undefined && isThere) recipients.add(answered.userId);
      recipients.delete(userId);
      return [...recipients].map((recipient) => ({
        recipient,
        key: `${recipient} ${room}#${seq}`,
      }));
    }),
  );
}

/** The `seq` of each deletion, by that of its message. */
function deletionsOf(people: readonly Person[]): ReadonlyMap<number, number> {
  const deletions = new Map<number, number>();
  for (const { operations, acked } of people) {
    for (const { messageId, type, payload } of operations.values()) {
      const seq = acked.get(messageId);
      if (type === "delete_message" && seq !== undefined) {
        deletions.set(Number(payload["seq"]), seq);
      }
    }
  }
  return deletions;
}

function notificationsOf(disk: Disk, userId: string): readonly Delivered[] {
  return (disk.get(`user:${userId}`)?.events ?? []).map(({ at, payload }) => {
    const { data } = JSON.parse(payload) as Notification & {
      readonly data: { readonly room: string; readonly seq: number };
    };
    const sentAt = disk.get(data.room)?.events[data.seq - 1]?.at ?? 0;
    return { key: `${userId} ${data.room}#${data.seq}`, lateMs: at - sentAt };
  });
}

/** Notifications in all of these inboxes, over HTTP: no notice is brought by asking. */
async function unread(server: BareServer, userIds: readonly string[]): Promise<number> {
  const headers = { Authorization: `Bearer ${SECRETS.API_KEY}` };
  const counts = await Promise.all(
    userIds.map(async (userId) => {
      const url = `${server.url}/v1/users/${userId}/notifications?limit=1`;
      return ((await (await fetch(url, { headers })).json()) as { unread: number }).unread;
    }),
  );
  return sum(counts, (count) => count);
}
