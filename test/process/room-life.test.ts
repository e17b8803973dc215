import { afterEach, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { Member } from "./support/member.ts";
import { BARE_FILE_BYTES, roomFiles } from "./support/room-files.ts";
import { storedRooms } from "./support/stored-room.ts";

const BACKEND = { Authorization: `Bearer ${SECRETS.API_KEY}` };
const READS = ["messages", "users", "stats", "poll", "poll?wait=1", "poll?since=7&epoch=x"];
const EVENTS = fromEnv("ARCHIVE_EVENTS", 24_000);

let server: BareServer;
afterEach(() => server.stop());

function ask(method: string, path: string, body?: string | ReadableStream): Promise<Response> {
  return fetch(`${server.url}/v1/rooms/${path}`, {
    method,
    headers: BACKEND,
    ...(body === undefined ? {} : { body, duplex: "half" }),
  } as RequestInit);
}

/** An export of so many messages of 8,000 bytes each, made as it is read. */
function* archive(room: string, events: number): Generator<string> {
  const content = "x".repeat(4_000);
  const data = { padding: "y".repeat(3_700) };
  const line = (fields: object) => `${JSON.stringify(fields)}\n`;
  const former: readonly never[] = [];
  yield line({
    type: "room",
    version: 1,
    room,
    kind: "chat",
    epoch: "e",
    head: events,
    oldest: 1,
    former,
  });
  for (let seq = 1; seq <= events; seq++) {
    const messageId = `m-${seq}`;
    const timestamp = "2026-01-01T00:00:00.000Z";
    const payload = { seq, messageId, userId: "ada", userName: "Ada", content, data, timestamp };
    const at = Date.parse(timestamp);
    yield line({ type: "event", seq, event: "new_message", at, userId: "ada", messageId, payload });
  }
  yield line({ type: "end", lines: events + 2 });
}

function streamOf(lines: Iterable<string>): ReadableStream<Uint8Array> {
  const iterator = lines[Symbol.iterator]();
  return new ReadableStream<string>({
    pull(controller) {
      const next = iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  }).pipeThrough(new TextEncoderStream());
}

it("leaves nothing on the disk of names that were only read, also when killed in the middle", async () => {
  server = await BareServer.start({ METRICS_REPORT_MS: "1000" });
  const token = tokenFor("ada", SECRETS.AUTH_SECRET);
  await Promise.all(READS.map(async (path, i) => (await ask("GET", `read-${i}/${path}`)).text()));
  await Promise.all(
    ["join-1", "topic:join-2"].map(async (room) => {
      const member = new Member(server.port, room, "ada");
      await member.join();
      member.leave();
    }),
  );
  const stream = await fetch(`${server.url}/v1/rooms/stream/events?token=${token}`);
  const reader = stream.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  const ghost = new Member(server.port, "ghost", "ben");
  await ghost.join();
  await pause(2_500);
  await server.kill();
  const killed = roomFiles(server.data);
  expect(killed.length).toBeGreaterThanOrEqual(READS.length + 4);
  expect(killed.filter(({ tables }) => tables.includes("log"))).toEqual([]);
  // Of who may have been there at the end an alarm is left; the next life finds nobody, and takes it.
  const traced = killed.filter(({ tables }) => tables.length > 0);
  expect(traced.length).toBeLessThanOrEqual(2);
  await server.up();
  for (const room of ["ghost", "stream"]) await (await ask("GET", `${room}/users`)).text();
  await pause(200);
  await server.kill();
  for (const { bytes, tables } of roomFiles(server.data)) {
    expect([bytes, tables]).toEqual([BARE_FILE_BYTES, []]);
  }
});

it("erases a deleted room from the disk, and what dies in the middle of an import", async () => {
  server = await BareServer.start();
  for (const room of ["gone", "kept"]) {
    for (let i = 0; i < 200; i++) {
      await ask("POST", `${room}/messages?as=ada`, JSON.stringify({ content: "x".repeat(1_000) }));
    }
  }
  expect((await ask("DELETE", "gone")).status).toBe(204);
  let lines = 0;
  const importing = ask(
    "POST",
    "half/import",
    streamOf(
      (function* () {
        for (const line of archive("half", 100_000)) {
          lines += 1;
          yield line;
        }
      })(),
    ),
  ).catch(() => undefined);
  while (lines < 1_000) await pause(20);
  await server.kill();
  await importing;
  expect([...storedRooms(server.data).keys()].sort()).toEqual(["half", "kept"]);
  await server.up();
  const page = await ask("GET", "half/messages");
  expect(await page.json()).toMatchObject({ messages: [], seq: 0 });
  await pause(500);
  await server.kill();
  const rooms = storedRooms(server.data);
  expect([...rooms.keys()]).toEqual(["kept"]);
  expect(rooms.get("kept")?.events).toHaveLength(200);
});

it("takes a large room in and out in memory that does not grow with it, to the same bytes", async () => {
  server = await BareServer.start();
  await throughAndBack("warm-up", Math.ceil(EVENTS / 3));
  const before = server.peakBytes;
  server.forgetPeak();
  const started = performance.now();
  const bytes = await throughAndBack("large", EVENTS);
  const growth = server.peakBytes - before;
  const took = Math.round(performance.now() - started);
  console.log(
    `${bytes} bytes in and out in ${took} ms: peak of the process ${growth} bytes higher`,
  );
  // What is collected late counts as well: nothing limits a bare workerd's heap.
  expect(growth).toBeLessThan(bytes);
  const stalled = (await ask("GET", "large/export")).body?.getReader();
  await stalled?.read();
  const atStart = server.usage().rssBytes;
  await pause(1_000);
  expect(server.usage().rssBytes - atStart).toBeLessThan(bytes / 8);
  await stalled?.cancel();
});

/** Imports a room and exports it again, byte by byte the same; how many there were. */
async function throughAndBack(room: string, events: number): Promise<number> {
  const imported = await ask("POST", `${room}/import`, streamOf(archive(room, events)));
  expect(await imported.json()).toMatchObject({ seq: events, lines: events + 2 });
  const { body } = await ask("GET", `${room}/export`);
  if (body === null) throw new Error("The export has no body.");
  const lines = archive(room, events);
  let expected = "";
  let bytes = 0;
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    bytes += chunk.length;
    while (expected.length < chunk.length) {
      const next = lines.next();
      if (next.done === true) break;
      expected += next.value;
    }
    // Compared so that a difference does not print a hundred megabytes.
    expect(expected.startsWith(chunk)).toBe(true);
    expected = expected.slice(chunk.length);
  }
  expect([expected, lines.next().done]).toEqual(["", true]);
  return bytes;
}

it("gives a topic's next life another epoch, also for a watcher that was there before its first write", async () => {
  server = await BareServer.start();
  const epoch = async () => {
    const page = (await (await ask("GET", "topic:t/poll")).json()) as { epoch: string };
    return page.epoch;
  };
  const watcher = new Member(server.port, "topic:t", "ada");
  await watcher.join();
  const before = await epoch();
  await ask("POST", "topic:t/publish", JSON.stringify({ event: "e", data: 1 }));
  expect((await ask("DELETE", "topic:t/last/e")).status).toBe(204);
  watcher.leave();
  await pause(500);
  expect(await epoch()).not.toBe(before);
});
