import { afterEach, expect, it } from "vitest";
import { releaseBundle } from "../support/machine/release.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { roomsWithDeadAlarms, spoilRooms } from "./support/room-file.ts";

const ROOMS = Array.from({ length: 60 }, (_, i) => `room-${i}`);
const PEOPLE = ["ben", "cyd", "dan"];
/** Long enough for the alarms of many rooms to have died with the last release on an idle machine… */
const FAILING_MS = 8_000;
/** …and so often in a row for one to have, on any. */
const FAILING_ROUNDS = 8;
/** Long enough for each room to have failed some six times, each wait twice the one before. */
const AWAY_MS = 60_000;
/** The next try after so many failures comes within 64 s, and the machine may be busy. */
const PATIENCE_MS = 120_000;
const HEADERS = { Authorization: `Bearer ${SECRETS.API_KEY}` };

let server: BareServer;
afterEach(() => server.stop());

async function call(method: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: HEADERS,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response;
}

/** A server on which nobody's inbox can be opened; returns what mends them. */
async function withBrokenInboxes(bundle?: string): Promise<() => void> {
  // At its default: as many rooms as one inbox takes notices in a minute.
  const vars = { LIMIT_NOTICES_PER_MINUTE: "60" };
  server = await BareServer.start(vars, bundle === undefined ? {} : { bundle });
  for (const userId of PEOPLE) {
    const body = { type: "t", title: "first", messageId: "n" };
    await call("POST", `/users/${userId}/notifications`, body);
  }
  await server.kill();
  const mend = spoilInboxes();
  await server.up();
  return mend;
}

function spoilInboxes(): () => void {
  const inboxes = PEOPLE.map((userId) => `user:${userId}`);
  return spoilRooms(server.data, inboxes);
}

/** One after the other: the alarms of a crowd come late, and those that are late never died. */
async function mentionAllIn(rooms: readonly string[]): Promise<void> {
  for (const room of rooms) {
    const body = { content: "you?", mentions: PEOPLE, messageId: `hello-${room}` };
    await call("POST", `/rooms/${room}/messages?as=ann`, body);
  }
}

interface Notice {
  readonly data?: { readonly room: string };
}

/** The rooms that a person's inbox has heard from, each as often as it has. */
async function heardBy(userId: string): Promise<readonly string[]> {
  const response = await call("GET", `/users/${userId}/notifications?limit=200`);
  const { notifications } = (await response.json()) as { notifications: readonly Notice[] };
  return notifications.flatMap(({ data }) => (data === undefined ? [] : [data.room])).sort();
}

async function untilAllHeard(rooms: readonly string[] = ROOMS): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const isMissing = async () =>
    (await Promise.all(PEOPLE.map(heardBy))).some(({ length }) => length < rooms.length);
  while ((await isMissing()) && performance.now() < deadline) await pause(500);
  // Whatever came twice would come now.
  await pause(1_000);
  for (const userId of PEOPLE) expect(await heardBy(userId), userId).toEqual([...rooms].sort());
}

/** Lets alarms fail at broken inboxes until some have died; then the server is down and all is mended. */
async function deadAlarms(mendFirst: () => void): Promise<readonly string[]> {
  let mend = mendFirst;
  for (let round = 1; ; round++) {
    await pause(FAILING_MS);
    await server.kill();
    mend();
    const dead = roomsWithDeadAlarms(server.data);
    if (dead.length > 0 || round === FAILING_ROUNDS) return dead;
    mend = spoilInboxes();
    await server.up();
  }
}

it("brings every notice once to inboxes that failed for a minute, from each of 60 rooms", async () => {
  const mend = await withBrokenInboxes();
  await mentionAllIn(ROOMS);
  await pause(AWAY_MS);
  mend();
  await untilAllHeard();
  await server.kill();
  expect(roomsWithDeadAlarms(server.data)).toEqual([]);
});

it("brings back, at one visit each, the rooms whose alarm died with the last release", async () => {
  const mend = await withBrokenInboxes(releaseBundle());
  await mentionAllIn(ROOMS);
  const dead = await deadAlarms(mend);
  console.log(JSON.stringify({ test: "alarms", rooms: ROOMS.length, dead: dead.length }));
  // Or the last release was not as bad as this says, and this proves nothing.
  expect(dead.length).toBeGreaterThan(0);
  server.deploy();
  await server.up();
  for (const room of ROOMS) await call("GET", `/rooms/${room}/messages`);
  await untilAllHeard();
});

it("brings what is more than an inbox takes in a minute later, and loses none of it", async () => {
  server = await BareServer.start({ LIMIT_NOTICES_PER_MINUTE: "60" });
  const rooms = Array.from({ length: 72 }, (_, i) => `busy-${i}`);
  const startedAt = performance.now();
  await mentionAllIn(rooms);
  const heard = (await heardBy("ben")).length;
  // A token comes back each second.
  expect(heard).toBeLessThanOrEqual(61 + (performance.now() - startedAt) / 1_000);
  expect(heard).toBeGreaterThanOrEqual(55);
  await untilAllHeard(rooms);
});
