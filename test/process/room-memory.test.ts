import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import WebSocket from "ws";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { DeafSocket } from "./support/deaf-socket.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { until } from "./support/until.ts";

/** What a room may cost whatever one address does to it: an object has no more (FAULTS K4). */
const ALLOWED_MB = 128;
const ROOM = "heavy";
const PATH = `/v1/rooms/${ROOM}`;
const DEAF = 10;
/** A message of 16 KB, as large as the limits let it be. */
const LONG = { content: "響".repeat(4_000), data: "x".repeat(4_000) };
const MESSAGES = 1_400;
/** Written before anything is measured: a server at work has a heap, whoever reads. */
const WARM_UP = 600;
const FRAME_CHARS = 31 * 1024 * 1024;

let server: BareServer;
let epoch = "";
const grown: Record<string, number> = {};
const waited: Record<string, number> = {};

beforeAll(async () => {
  server = await BareServer.start({}, { limits: "default" });
});
afterAll(async () => {
  console.log(
    JSON.stringify({ test: "room-memory", allowedMb: ALLOWED_MB, grownMb: grown, waited }),
  );
  await server.stop();
});
beforeEach(async () => {
  // What an earlier test had taken would hide what the next one takes.
  await server.kill();
  await server.up();
  await new Backend(server.url, ROOM).head();
});

it(`is bounded where ${DEAF} readers stop reading, and one who pings reads on`, async () => {
  const reader = await Reader.open();
  await fill(WARM_UP);
  await costs("stuckReaders", async () => {
    const deaf = Array.from({ length: DEAF }, (_, i) =>
      DeafSocket.webSocket(server.port, `${PATH}/ws?history=0`, `deaf-${i}`),
    );
    await fill(WARM_UP + MESSAGES, WARM_UP);
    await until(
      () => reader.seqs.length >= WARM_UP + MESSAGES,
      () => [reader.seqs.length, reader.code],
    );
    return deaf;
  });
  expect(reader.code).toBeUndefined();
  expect(reader.seqs).toEqual(seqsTo(WARM_UP + MESSAGES));
  reader.close();
});

it.each([
  ["webSocketResumes", 1_000],
  ["webSocketResumesOfFourMiB", 250],
])("is bounded where ten resumes by WebSocket are not read (%s)", async (name, missed) => {
  const cursor = `since=${WARM_UP + MESSAGES - missed}&epoch=${epoch}`;
  await costs(name, async () => {
    const deaf = Array.from({ length: DEAF }, (_, i) =>
      DeafSocket.webSocket(server.port, `${PATH}/ws?${cursor}`, `deaf-${i}`),
    );
    await pause(3_000);
    return deaf;
  });
});

it.each([
  ["streamResumes", 1_000],
  ["streamResumesOfFourMiB", 250],
])("is bounded where ten resumes by event stream are not read (%s)", async (name, missed) => {
  const cursor = `since=${WARM_UP + MESSAGES - missed}&epoch=${epoch}`;
  // A Worker that has carried streams has a heap of its own; how much of it is garbage varies.
  for (let i = 0; i < DEAF; i++) await carry(`${PATH}/events?${cursor}`);
  await costs(name, async () => {
    const deaf = Array.from({ length: DEAF }, (_, i) =>
      DeafSocket.get(server.port, `${PATH}/events?${cursor}`, `deaf-${i}`),
    );
    await pause(3_000);
    return deaf;
  });
});

it("is bounded where forty pages of history are asked for at once", async () => {
  await costs("pages", async () => {
    const deaf = Array.from({ length: 40 }, () =>
      DeafSocket.get(server.port, `${PATH}/messages?limit=200`, "asker"),
    );
    await pause(3_000);
    return deaf;
  });
});

it("looks at the length of a frame before anything else", async () => {
  // Of bytes the length is known at once: what is waited for is the platform's own inflation.
  // Whatever else runs here only adds to a time, so the shortest of a few is nearest to the truth.
  let bytes = Number.POSITIVE_INFINITY;
  let text = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    bytes = Math.min(bytes, await ackBehind(Buffer.alloc(FRAME_CHARS, "x")));
    text = Math.min(text, await ackBehind("x".repeat(FRAME_CHARS)));
  }
  Object.assign(waited, { behindBytesMs: bytes, behindTextMs: text });
  expect(text).toBeLessThan(bytes * 2.5 + 200);
});

async function costs(name: string, act: () => Promise<readonly DeafSocket[]>): Promise<void> {
  const before = server.usage().rssBytes;
  server.forgetPeak();
  const deaf = await act();
  grown[name] = Math.round((server.peakBytes - before) / 1e6);
  for (const socket of deaf) socket.close();
  expect(server.isAlive).toBe(true);
  expect(grown[name]).toBeLessThan(ALLOWED_MB);
}

/** Fills the room, as fast as it takes it, and keeps in mind what its log is called. */
async function fill(count: number, from = 0): Promise<void> {
  let next = from;
  const write = async () => {
    while (next < count) {
      next += 1;
      const response = await fetch(`${server.url}${PATH}/messages?as=writer`, {
        method: "POST",
        headers: { Authorization: `Bearer ${SECRETS.API_KEY}`, "Idempotency-Key": `m${next}` },
        body: JSON.stringify(LONG),
      });
      expect(response.status).toBe(201);
      await response.body?.cancel();
    }
  };
  await Promise.all(Array.from({ length: 20 }, write));
  const headers = { Authorization: `Bearer ${SECRETS.API_KEY}` };
  const page = await fetch(`${server.url}${PATH}/messages?limit=1`, { headers });
  ({ epoch } = (await page.json()) as { epoch: string });
}

/** Reads a stream for some megabytes, or a second. */
async function carry(path: string): Promise<void> {
  const headers = { Authorization: `Bearer ${tokenFor("carried", SECRETS.AUTH_SECRET)}` };
  const response = await fetch(`${server.url}${path}`, { headers });
  const reader = response.body?.getReader();
  const end = setTimeout(() => void reader?.cancel(), 1_000);
  let bytes = 0;
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    bytes += read.value.length;
    if (bytes > 3.5e6) await reader?.cancel();
  }
  clearTimeout(end);
}

/** How long an honest sender waits for its ack behind ten frames that are far too long, in milliseconds. */
async function ackBehind(frame: string | Buffer): Promise<number> {
  const honest = await Reader.open("honest");
  const senders = await Promise.all(
    Array.from({ length: DEAF }, (_, i) => connected(`sender-${i}`, true)),
  );
  await Promise.all(
    senders.map((socket) => new Promise((sent) => socket.send(frame, { compress: true }, sent))),
  );
  const waited = await honest.acked();
  honest.close();
  for (const socket of senders) socket.terminate();
  await pause(500);
  return Math.round(waited);
}

async function connected(userId: string, perMessageDeflate: boolean): Promise<WebSocket> {
  const token = tokenFor(userId, SECRETS.AUTH_SECRET);
  const socket = new WebSocket(
    `ws://127.0.0.1:${server.port}${PATH}/ws?history=0`,
    ["hibiki.v1.json", `bearer.${token}`],
    { perMessageDeflate },
  );
  socket.on("error", () => {});
  await new Promise((opened) => socket.once("open", opened));
  return socket;
}

/** A reader that answers marks and has a heartbeat for as much as it reads, as the SDK does. */
class Reader {
  readonly seqs: number[] = [];
  code: number | undefined;
  readonly #socket: WebSocket;
  #heard: ((type: string) => void) | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("close", (code) => {
      this.code = code;
    });
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data));
      for (const { type, seq, payload } of frame.type === "batch" ? frame.payload : [frame]) {
        if (type === "mark") socket.send(JSON.stringify({ type: "read_mark", payload }));
        if (seq !== undefined) this.seqs.push(seq);
        this.#heard?.(type);
      }
      if (frame.type !== "pong") socket.send('{"type":"ping"}');
    });
  }

  static async open(userId = "reader"): Promise<Reader> {
    return new Reader(await connected(userId, false));
  }

  /** Sends a frame; resolves with how long its ack took. */
  async acked(): Promise<number> {
    const sentAt = performance.now();
    const acked = new Promise<void>((resolve) => {
      this.#heard = (type) => type === "ack" && resolve();
    });
    const payload = { content: "honest" };
    this.#socket.send(
      JSON.stringify({ type: "send_message", messageId: crypto.randomUUID(), payload }),
    );
    await acked;
    return performance.now() - sentAt;
  }

  close(): void {
    this.#socket.terminate();
  }
}
