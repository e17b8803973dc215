import { afterEach, describe, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { DeafSocket } from "./support/deaf-socket.ts";
import { fromEnv } from "./support/environment.ts";
import { Member } from "./support/member.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { StreamReader } from "./support/stream-reader.ts";
import { until } from "./support/until.ts";

/** What a room may cost whatever one address does to it: an object has no more (FAULTS K4). */
const ALLOWED_MB = 128;
const ROOM = "pinged";
/** A message of 16 KB, as large as the limits let it be. */
const LONG = { content: "響".repeat(4_000), data: "x".repeat(4_000) };
/** Written before anything is measured: a server at work has a heap, whoever reads. */
const WARM_UP = 300;
/** 16 MB to each reader: some four times what the kernel holds for one that reads nothing. */
const MESSAGES = fromEnv("PINGED_MESSAGES", 1_000);
const PER_SECOND = fromEnv("PINGED_PER_SECOND", 100);
const PING_MS = 1_000;
/** Readers of release 0.1.0, or of no SDK at all; and such as answer marks. */
const OLD = 3;
const NEW = 3;
/** Together they are told 96 MB, twice what a room may hold of what is not known to be read. */
const STREAMS = 12;
const STREAMED = 500;

/** As a deployment has it that lets strangers in. */
const VARS = { LIMIT_CONNECTIONS_PER_USER: "0", REQUIRE_MARKS: "on" };

let server: BareServer;
afterEach(() => server.stop());

describe.each([
  { deaf: 10, wire: "json", does: "ping" },
  { deaf: 50, wire: "json", does: "ping" },
  { deaf: 10, wire: "plain", does: "ping" },
  { deaf: 50, wire: "plain", does: "ping" },
  { deaf: 50, wire: "json", does: "nothing" },
] as const)("$deaf clients ($wire) that read nothing and $does", ({ deaf, wire, does }) => {
  it("cost a room no more than its object has, and harm nobody who reads (P9.7, P9.10)", async () => {
    server = await BareServer.start(VARS, { limits: "default" });
    const old = await members("old", OLD, false);
    const proven = await members("new", NEW, true);
    await write(0, WARM_UP);
    const before = server.usage().rssBytes;
    server.forgetPeak();
    const sockets = Array.from({ length: deaf }, (_, i) =>
      DeafSocket.webSocket(server.port, `/v1/rooms/${ROOM}/ws?history=0`, `deaf-${i}`, wire),
    );
    const pings = setInterval(() => {
      if (does === "ping") for (const socket of sockets) socket.ping();
      for (const member of [...old, ...proven]) member.ping();
    }, PING_MS);
    const comebacks: Promise<void>[] = [];
    const returns = setInterval(() => {
      for (const member of [...old, ...proven]) {
        if (member.code === 4408) comebacks.push(member.join());
      }
    }, 50);
    const all = WARM_UP + MESSAGES;
    await write(WARM_UP, all);
    for (const member of [...old, ...proven]) await member.reaches(all, 30_000);
    const grownMb = Math.round((server.peakBytes - before) / 1e6);
    clearInterval(pings);
    clearInterval(returns);
    // Who was called back with the last message is on its way in: the server must not end before.
    await Promise.all(comebacks);
    const closes = proven.filter(({ joins }) => joins > 1).length;
    console.log(
      JSON.stringify({
        test: "pinging-readers",
        deaf,
        wire,
        does,
        grownMb,
        comebacks: comebacks.length,
        provenClosed: closes,
      }),
    );
    for (const member of [...old, ...proven]) expect(member.seqs).toEqual(seqsTo(all));
    expect(closes).toBe(0);
    expect(grownMb).toBeLessThan(ALLOWED_MB);
    for (const member of [...old, ...proven]) member.leave();
    for (const socket of sockets) socket.close();
  });
});

it("does not call readers of event streams back, whose adapters answer marks for them (P3.11)", async () => {
  server = await BareServer.start(VARS, { limits: "default" });
  const readers = Array.from({ length: STREAMS }, (_, i) =>
    StreamReader.open(server.url, ROOM, `stream-${i}`),
  );
  await until(() => readers.every(({ joined }) => joined.length > 0));
  await write(0, STREAMED);
  await until(
    () => readers.every(({ seqs }) => seqs.length >= STREAMED),
    () => readers.map(({ seqs }) => seqs.length),
  );
  for (const { joined, seqs } of readers) {
    expect(joined).toHaveLength(1);
    expect(seqs).toEqual(seqsTo(STREAMED));
  }
  for (const reader of readers) reader.close();
});

async function members(name: string, count: number, answers: boolean): Promise<readonly Member[]> {
  const all = Array.from(
    { length: count },
    (_, i) => new Member(server.port, ROOM, `${name}-${i}`, answers),
  );
  for (const member of all) await member.join();
  return all;
}

/** Writes messages at an even pace, as far as the room takes it. */
async function write(from: number, upTo: number): Promise<void> {
  let next = from;
  const startedAt = performance.now();
  const writeOn = async () => {
    while (next < upTo) {
      const at = next++;
      await pause(Math.max(0, startedAt + ((at - from) * 1_000) / PER_SECOND - performance.now()));
      const response = await fetch(`${server.url}/v1/rooms/${ROOM}/messages?as=writer`, {
        method: "POST",
        headers: { Authorization: `Bearer ${SECRETS.API_KEY}`, "Idempotency-Key": `m${at}` },
        body: JSON.stringify(LONG),
      });
      expect(response.status).toBe(201);
      await response.body?.cancel();
    }
  };
  await Promise.all(Array.from({ length: 20 }, writeOn));
}
