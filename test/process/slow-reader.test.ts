import { afterAll, beforeAll, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { RawReader } from "./support/raw-reader.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { StreamReader } from "./support/stream-reader.ts";
import { until } from "./support/until.ts";
import { Writer } from "./support/writer.ts";

// Without the proxies of `wrangler dev`, whose buffers would be measured too.
let server: BareServer;
/** What the tests here counted, for the one line that they print. */
const counted: Record<string, number> = {};
beforeAll(async () => {
  server = await BareServer.start({ LIMIT_RESUME_EVENTS: "100000" });
});
afterAll(async () => {
  console.log(JSON.stringify({ test: "slow-reader", ...counted }));
  await server.stop();
});

it.concurrent("drops a reader that stops reading, in bounded memory, and it resumes from what it has", async () => {
  const content = "響".repeat(4_000);
  const room = "slow";
  const slow = await open(room, "slow");
  const fast = StreamReader.open(server.url, room, "fast");
  await until(() => fast.joined.length > 0);
  slow.socket.pause();

  const writer = new Writer(server.url, room);
  const isDropped = () => server.output.includes("the reader is too slow");
  while (!isDropped() && writer.written < 3_000) await writer.write(50, content);
  const writtenWhenDropped = writer.written;
  await writer.write(100, content);
  // A MiB of ours, and what the kernel's buffers hold.
  expect(isDropped()).toBe(true);
  expect(writtenWhenDropped * content.length * 3).toBeLessThan(24 * 1024 * 1024);
  expect(await users(room)).toEqual(["fast"]);
  await until(
    () => fast.seqs.length === writer.written,
    () => [fast.seqs.length, fast.joined],
  );
  expect(fast.seqs).toEqual(seqsTo(writer.written));
  expect(fast.joined).toHaveLength(1);

  slow.socket.resume();
  await until(() => slow.ended);
  const before = slow.parser.events.filter(({ event }) => event === "new_message");
  const again = await open(room, "slow", slow.parser.lastEventId);
  const messages = () => [
    ...before,
    ...again.parser.events.filter(({ event }) => event === "new_message"),
  ];
  await until(() => messages().length >= writer.written);
  expect(messages().map(({ id }) => Number(id.split(":")[1]))).toEqual(seqsTo(writer.written));
  expect(before.length).toBeLessThan(writer.written);
  const mebibytes = Math.round((writtenWhenDropped * content.length * 3) / 1024 / 1024);
  Object.assign(counted, { writtenWhenDropped, mebibytes, readOfThem: before.length });
  again.socket.destroy();
  fast.close();
});

it.concurrent("notices that a reader has gone away, at the next thing said", async () => {
  const reader = await open("left", "ada");
  expect(await users("left")).toEqual(["ada"]);
  reader.socket.destroy();
  const leftAt = performance.now();
  const writer = new Writer(server.url, "left");
  while ((await users("left")).length > 0 && performance.now() - leftAt < 20_000) {
    await writer.write(1);
    await pause(250);
  }
  const goneAfterMs = Math.round(performance.now() - leftAt);
  counted["goneFromBusyRoomMs"] = goneAfterMs;
  expect(goneAfterMs).toBeLessThan(10_000);
});

it.concurrent("notices with the next comment that a reader has left a silent room", async () => {
  const reader = await open("silent", "ada");
  reader.socket.destroy();
  const leftAt = performance.now();
  while ((await users("silent")).length > 0 && performance.now() - leftAt < 40_000)
    await pause(100);
  const goneAfterMs = Math.round(performance.now() - leftAt);
  counted["goneFromSilentRoomMs"] = goneAfterMs;
  expect(goneAfterMs).toBeLessThan(17_000);
});

/** A reader that has been told `joined_room`. */
function open(room: string, user: string, lastEventId?: string): Promise<RawReader> {
  const token = tokenFor(user, SECRETS.AUTH_SECRET);
  return RawReader.open(server.port, `/v1/rooms/${room}/events`, token, lastEventId);
}

function users(room: string): Promise<readonly string[]> {
  return new Backend(server.url, room).users();
}
