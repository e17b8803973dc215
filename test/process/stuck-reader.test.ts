import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { type Frame, framesIn } from "./support/frame.ts";

const ROOM = "busy";
const STUCK = fromEnv("SLOW_READERS", 12);
const BUSY_MS = fromEnv("SLOW_MS", 6_000);
const READERS = 6;
/** So many of those who were closed come back: each has some megabytes to catch up with. */
const BACK = 3;
/** Every so often so many messages: 1.9 MB a second to each reader. */
const EVERY_MS = 50;
const AT_ONCE = 24;
const CONTENT_CHARS = 3_900;
const CATCH_UP_MS = 10_000;
/**
 * workerd sends the close when its turn comes, and ends the TCP connection only once the room is
 * idle: a client has no reason to wait for that.
 */
const WS_OPTIONS = {
  handshakeTimeout: 5_000,
  closeTimeout: 200,
  // Or what is not read shrinks to what the kernel's buffers hold.
  perMessageDeflate: false,
};
const UNREAD_BYTES = 2 * 1024 * 1024;

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
  const [writer] = await members(1, "writer");
  if (writer === undefined) throw new Error("no writer");
  const calm = await talk(writer, readers, BUSY_MS / 3);
  const stuck = await members(STUCK, "stuck");
  const before = server.usage().rssBytes;
  for (const { socket } of stuck) socket.pause();
  const busy = await talk(writer, readers, BUSY_MS);
  const after = server.usage().rssBytes;
  const here = await present();

  const resumedAt = performance.now();
  for (const { socket } of stuck) socket.resume();
  await Promise.all(stuck.map(({ closed }) => closed));
  const closedMs = Math.round(performance.now() - resumedAt);
  const codes = stuck.map(({ code }) => code);
  const stoppedAt = stuck.map(({ seqs }) => seqs.at(-1) ?? 0);
  const head = Math.max(...readers.map(({ seqs }) => seqs.at(-1) ?? 0));
  const back = stuck.slice(0, BACK);
  for (const member of back) {
    await member.join();
    await member.reaches(head);
  }
  for (const { socket } of [...readers, ...stuck, writer]) socket.terminate();

  const grownMb = Math.round((after - before) / 1e6);
  const unboundedMb = Math.round((STUCK * (head - (stoppedAt[0] ?? 0)) * CONTENT_CHARS) / 1e6);
  console.log(
    JSON.stringify({
      test: "slow reader",
      stuck: STUCK,
      others: READERS,
      messages: head,
      calmP99Ms: calm,
      busyP99Ms: busy,
      rssBeforeMb: Math.round(before / 1e6),
      rssGrownMb: grownMb,
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
  for (const { seqs } of stuck) expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i));
  for (const { seqs } of back) expect(seqs.at(-1)).toBe(head);
  for (const { seqs } of readers) expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  // What was bounded would have been more than what is allowed here.
  expect(unboundedMb).toBeGreaterThan(80);
  expect(grownMb).toBeLessThan((STUCK * UNREAD_BYTES) / 1e6 + 60);
  expect(busy).toBeLessThan(Math.max(500, calm * 4));
});

/** Someone in the room who may stop reading. */
class Member {
  readonly userId: string;
  readonly seqs: number[] = [];
  /** How long each message took to come here, in milliseconds. */
  readonly delays: number[] = [];
  socket!: WebSocket;
  code = 0;
  closed: Promise<void> = Promise.resolve();
  #epoch = "";

  constructor(userId: string) {
    this.userId = userId;
  }

  /** Comes in, or back with the cursor; resolves with `joined_room`. */
  join(): Promise<void> {
    const cursor = this.#epoch === "" ? "" : `&since=${this.seqs.at(-1)}&epoch=${this.#epoch}`;
    const url = `ws://127.0.0.1:${server.port}/v1/rooms/${ROOM}/ws?history=0${cursor}`;
    const token = tokenFor(this.userId, SECRETS.AUTH_SECRET);
    const socket = new WebSocket(url, ["hibiki.v1.json", `bearer.${token}`], WS_OPTIONS);
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on("close", (code) => {
        this.code = code;
        resolve();
      });
    });
    return new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data) => {
        for (const frame of framesIn(data)) {
          this.#take(frame);
          if (frame.type === "joined_room") resolve();
        }
      });
    });
  }

  /** Resolves once it has seen the log up to `seq`, or there is nothing more to wait for. */
  async reaches(seq: number): Promise<void> {
    const end = performance.now() + CATCH_UP_MS;
    while ((this.seqs.at(-1) ?? 0) < seq && performance.now() < end) await pause(20);
  }

  #take({ type, seq, payload }: Frame): void {
    if (type === "joined_room") this.#epoch = payload.epoch ?? "";
    if (type !== "new_message" || seq === undefined) return;
    this.seqs.push(seq);
    this.delays.push(performance.now() - Number(payload.content?.split(" ")[0]));
  }
}

async function members(count: number, name: string): Promise<readonly Member[]> {
  const all = Array.from({ length: count }, (_, i) => new Member(`${name}-${i}`));
  await Promise.all(all.map((member) => member.join()));
  return all;
}

/** Lets one write and all ping for a while. Returns the readers' 99th percentile, in milliseconds. */
async function talk(writer: Member, readers: readonly Member[], ms: number): Promise<number> {
  for (const { delays } of readers) delays.length = 0;
  const end = performance.now() + ms;
  for (let next = performance.now(); next < end; next += EVERY_MS) {
    for (const { socket } of readers) socket.send(`{"type":"ping"}`);
    for (let i = 0; i < AT_ONCE; i++) {
      const content = `${performance.now()} ${"x".repeat(CONTENT_CHARS - 30)}`;
      const messageId = crypto.randomUUID();
      writer.socket.send(JSON.stringify({ type: "send_message", messageId, payload: { content } }));
    }
    await pause(Math.max(0, next + EVERY_MS - performance.now()));
  }
  await pause(200);
  const delays = readers.flatMap((reader) => reader.delays).sort((a, b) => a - b);
  return Math.round(delays[Math.floor(delays.length * 0.99)] ?? 0);
}

async function present(): Promise<readonly string[]> {
  const response = await fetch(`${server.url}/v1/rooms/${ROOM}/users`, {
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}` },
  });
  const { users } = (await response.json()) as { users: { userId: string }[] };
  return users.map(({ userId }) => userId);
}
