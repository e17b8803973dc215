import { afterAll, beforeAll, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { Member } from "./support/member.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { until } from "./support/until.ts";

const ROOM = "busy";
const STUCK = fromEnv("STUCK_READERS", 24);
const BUSY_MS = fromEnv("STUCK_MS", 8_000);
const CALM_MS = 2_000;
const READERS = 6;
/** So many of those who were closed come back. */
const BACK = 3;
/** Every so often so many messages: 1.9 MB a second to each reader. */
const EVERY_MS = 50;
const AT_ONCE = 24;
const CONTENT_CHARS = 3_900;
const CATCH_UP_MS = 10_000;
const UNREAD_BYTES = 1024 * 1024;
/** What those who do not read may cost, and the heap of a server at work. */
const ALLOWED_MB = (STUCK * UNREAD_BYTES) / 1e6 + 60;
/** A hiccup of this shared machine, which any one of a few thousand deliveries may meet. */
const HICCUP_MS = 100;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({
    LIMIT_UNREAD_BYTES: String(UNREAD_BYTES),
    LIMIT_RESUME_EVENTS: "100000",
  });
});
afterAll(() => server.stop());

it(`bounds what ${STUCK} readers that stop reading cost, harms nobody else, and lets them come back without loss`, async () => {
  const readers = await members(READERS, "reader");
  const writer = new Member(server.port, ROOM, "writer", true);
  await writer.join();
  const calm = await talk(writer, readers, CALM_MS);
  const stuck = await members(STUCK, "stuck");
  const before = server.usage().rssBytes;
  for (const member of stuck) member.pause();
  const busy = await talk(writer, readers, BUSY_MS);
  const after = server.usage().rssBytes;
  const here = await new Backend(server.url, ROOM).users();

  const resumedAt = performance.now();
  for (const member of stuck) member.resume();
  await until(
    () => stuck.every(({ code }) => code !== undefined),
    () => stuck.map(({ userId, code }) => ({ userId, code })),
  );
  const closedMs = Math.round(performance.now() - resumedAt);
  const codes = stuck.map(({ code }) => code);
  const stoppedAt = stuck.map(({ seqs }) => seqs.at(-1) ?? 0);
  const told = Math.max(...readers.map(({ seqs }) => seqs.at(-1) ?? 0));
  const heard = stuck.map(({ seqs }) => [...seqs]);
  // They missed more than a resume brings, so they begin anew: what they missed is in the history.
  const back = stuck.slice(0, BACK);
  for (const member of back) await member.join();
  const head = told + 1;
  const last = { messageId: crypto.randomUUID(), payload: { content: "last" } };
  writer.send({ type: "send_message", ...last });
  for (const member of [...readers, ...back]) await member.reaches(head, CATCH_UP_MS);
  const history = (await new Backend(server.url, ROOM).history()).map(({ seq }) => seq);
  for (const member of [...readers, ...stuck, writer]) member.leave();

  const grownMb = Math.round((after - before) / 1e6);
  const unboundedMb = Math.round((STUCK * (head - Math.max(...stoppedAt)) * CONTENT_CHARS) / 1e6);
  console.log(
    JSON.stringify({
      test: "stuck-reader",
      stuck: STUCK,
      others: READERS,
      messages: head,
      calmP99Ms: calm,
      busyP99Ms: busy,
      rssBeforeMb: Math.round(before / 1e6),
      rssGrownMb: grownMb,
      allowedMb: Math.round(ALLOWED_MB),
      notQueuedMb: unboundedMb,
      closes: [...new Set(codes)],
      closedMs,
      readBeforeTheClose: Math.min(...stoppedAt),
    }),
  );
  expect(codes).toEqual(codes.map(() => 4408));
  // Told with the backlog, and not by some later sweep.
  expect(closedMs).toBeLessThan(CATCH_UP_MS);
  expect(here.filter((userId) => userId.startsWith("stuck"))).toEqual([]);
  expect(here.length).toBe(READERS + 1);
  for (const seqs of heard) expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i));
  for (const [i, { seqs }] of back.entries()) {
    const since = seqs.slice(heard[i]?.length ?? 0);
    expect(since).toEqual(since.map((_, k) => head - since.length + 1 + k));
  }
  expect(history).toEqual(seqsTo(head));
  for (const { seqs } of readers) expect(seqs).toEqual(seqsTo(head));
  expect(grownMb).toBeLessThan(ALLOWED_MB);
  // Or a server that queues everything would have passed too.
  expect(unboundedMb).toBeGreaterThan(3 * ALLOWED_MB);
  expect(busy).toBeLessThan(Math.max(HICCUP_MS, calm * 4));
});

async function members(count: number, name: string): Promise<readonly Member[]> {
  const all = Array.from(
    { length: count },
    (_, i) => new Member(server.port, ROOM, `${name}-${i}`, true),
  );
  await Promise.all(all.map((member) => member.join()));
  return all;
}

/** Lets one write and all ping for a while. Returns the readers' 99th percentile, in milliseconds. */
async function talk(writer: Member, readers: readonly Member[], ms: number): Promise<number> {
  for (const { delays } of readers) delays.length = 0;
  const end = performance.now() + ms;
  for (let next = performance.now(); next < end; next += EVERY_MS) {
    for (const reader of readers) reader.send({ type: "ping" });
    for (let i = 0; i < AT_ONCE; i++) {
      const content = `${performance.now()} ${"x".repeat(CONTENT_CHARS - 30)}`;
      const messageId = crypto.randomUUID();
      writer.send({ type: "send_message", messageId, payload: { content } });
    }
    await pause(Math.max(0, next + EVERY_MS - performance.now()));
  }
  await pause(200);
  const delays = readers.flatMap((reader) => reader.delays).sort((a, b) => a - b);
  return Math.round(delays[Math.floor(delays.length * 0.99)] ?? 0);
}
