import { beforeAll, beforeEach, expect, it } from "vitest";
import { RealtimeClient } from "../../../src/client/client.ts";
import type { Room } from "../../../src/client/room.ts";
import { SqlInbox } from "../../../src/kinds/inbox/sql-inbox.ts";
import { Device } from "../../../src/testing/device.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { TestServer, type TestServerOptions } from "../../../src/testing/test-server.ts";
import { testToken } from "../../../src/testing/test-token.ts";

const NAME = "lobby";

let server: TestServer;
/** How long a write takes until it is on disk. */
let diskMs: number;

// The SDK fetches it with the first receipt, which takes real time and none of a room's.
beforeAll(() => import("../../../src/client/attention.ts"));

beforeEach(() => {
  diskMs = 0;
  server = start();
});

function start(options: TestServerOptions = {}): TestServer {
  return new TestServer({ ...options, weather: { diskMs: () => diskMs, ...options.weather } });
}

/** Somebody's device, in the room by the SDK. */
function join(
  userId: string,
  random = seededRandom(7),
  heard?: (socket: object, data: unknown) => void,
): { device: Device; room: Room } {
  const device = new Device(server, random, heard);
  const client = new RealtimeClient({
    url: "https://edge.test",
    transport: "websocket",
    token: () =>
      testToken({
        userId,
        grants: { "*": ["read", "write", "publish"] },
        expiresAt: server.wall.now() + 3_600_000,
      }),
    environment: device.environment,
  });
  return { device, room: client.room(NAME) };
}

function texts(room: Room): readonly string[] {
  return room.messages.map(({ content }) => content);
}

it("serves the real SDK from the real room, on a clock of its own", async () => {
  const [ann, bob] = [join("ann"), join("bob")];
  await server.advance(1_000);
  const sent = ann.room.send("hello");
  await server.advance(1_000);
  expect(await sent).toMatchObject({ savedId: 1, duplicate: false });
  expect(texts(bob.room)).toEqual(["hello"]);
  expect(bob.room.users.map(({ userId }) => userId)).toEqual(["ann", "bob"]);
  expect(server.clock.now()).toBe(Date.UTC(2026, 0, 1) + 2_000);
});

it("takes back in a crash what was not on disk, and says nothing of it", async () => {
  const [ann, bob] = [join("ann"), join("bob")];
  await server.advance(1_000);
  diskMs = 50;
  let isAcked = false;
  const sent = ann.room.send("hello").finally(() => {
    isAcked = true;
  });
  await server.advance(40);
  const room = server.room(NAME);
  expect(room.life?.store.log.head).toBe(1);
  room.crash();
  expect(isAcked).toBe(false);
  expect(texts(bob.room)).toEqual([]);
  const head = room.read(({ store }) => store.log.head);
  await server.advance(60);
  expect(await head).toBe(0);
  // The SDK comes back and sends it again.
  await server.advance(10_000);
  expect(await sent).toMatchObject({ savedId: 1, duplicate: false });
  expect(texts(bob.room)).toEqual(["hello"]);
});

it("keeps in a crash what was on disk", async () => {
  const { room } = join("ann");
  await server.advance(1_000);
  const sent = room.send("hello");
  await server.advance(1_000);
  await sent;
  server.room(NAME).crash();
  expect(await server.room(NAME).read(({ store }) => store.log.head)).toBe(1);
});

it("falls asleep with its sockets, and wakes with what they kept", async () => {
  const [ann, bob] = [join("ann"), join("bob")];
  await server.advance(1_000);
  void ann.room.send("hello");
  await server.advance(1_000);
  bob.room.read(1);
  await server.advance(1_000);
  const room = server.room(NAME);
  expect(room.hibernate()).toBe(true);
  expect(room.life).toBeUndefined();
  expect(room.connections).toBe(2);
  void ann.room.send("again");
  await server.advance(1_000);
  expect(texts(bob.room)).toEqual(["hello", "again"]);
  expect(await room.read(({ room: awake }) => awake.connections)).toBe(2);
  const cat = join("cat");
  await server.advance(1_000);
  // Nothing but bob's socket knew of it when the room fell asleep.
  expect(cat.room.reads).toEqual({ bob: 1 });
});

it("sleeps by itself when nobody asks for anything, while pings are answered", async () => {
  const { room: ann } = join("ann");
  await server.advance(60_000);
  expect(server.room(NAME).life).toBeUndefined();
  expect(ann.status).toBe("open");
  await server.advance(3_600_000);
  expect(ann.status).toBe("open");
});

it("does not fall asleep while a write is not on disk", async () => {
  const { room: ann } = join("ann");
  await server.advance(1_000);
  diskMs = 50;
  void ann.send("hello");
  await server.advance(40);
  expect(server.room(NAME).hibernate()).toBe(false);
  await server.advance(40);
  expect(server.room(NAME).hibernate()).toBe(true);
});

it("counts the rows that are written", async () => {
  const { room: ann } = join("ann");
  await server.advance(1_000);
  void ann.send("first");
  await server.advance(1_000);
  const before = server.room(NAME).writes;
  void ann.send("second");
  await server.advance(1_000);
  expect(server.room(NAME).writes - before).toBe(1);
});

it("brings a mention to an inbox once, though the room dies on the way", async () => {
  const [ann, bob] = [join("ann"), join("bob")];
  await server.advance(1_000);
  void bob.room.send("here");
  await server.advance(1_000);
  diskMs = 5;
  void ann.room.send("hello", { mentions: ["bob"] });
  await server.advance(8);
  server.room(NAME).crash();
  await server.advance(60_000);
  const entries = await server
    .room("user:bob")
    .read(({ store }) =>
      new SqlInbox(store.tables).newest(10).map((entry) => JSON.parse(entry).type),
    );
  expect(entries).toEqual(["mention"]);
});

it("closes the sockets of a room that is erased, and begins anew", async () => {
  const { room: ann } = join("ann");
  await server.advance(1_000);
  void ann.send("hello");
  await server.advance(1_000);
  const { epoch } = ann;
  server.room(NAME).erase();
  await server.advance(1_000);
  expect(ann.status).toBe("closed");
  const { room: bob } = join("bob");
  await server.advance(1_000);
  expect(bob.epoch).not.toBe(epoch);
  expect(texts(bob)).toEqual([]);
});

it("loses who falls silent, and the SDK comes back for what it missed", async () => {
  const [ann, bob] = [join("ann"), join("bob")];
  await server.advance(1_000);
  bob.device.goOffline({});
  void ann.room.send("hello");
  await server.advance(600_000);
  expect(ann.room.users.map(({ userId }) => userId)).toEqual(["ann"]);
  bob.device.goOnline();
  await server.advance(10_000);
  expect(texts(bob.room)).toEqual(["hello"]);
  expect(ann.room.users.map(({ userId }) => userId)).toEqual(["ann", "bob"]);
});

/** Everything that a seed's client hears, and when. */
async function trace(seed: number): Promise<readonly string[]> {
  const random = seededRandom(seed);
  server = start({ seed, weather: { networkMs: () => random() * 50 } });
  const heard: string[] = [];
  const { room } = join("ann", random, (_, data) =>
    heard.push(`${server.clock.now()} ${String(data)}`),
  );
  void room.send("hello");
  await server.advance(1_000);
  return heard;
}

it("goes the same way for the same seed", async () => {
  const first = await trace(3);
  expect(first.length).toBeGreaterThan(2);
  expect(await trace(3)).toEqual(first);
  expect(await trace(4)).not.toEqual(first);
});
