import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { type Frame, framesIn } from "./support/frame.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { StreamReader } from "./support/stream-reader.ts";
import { until } from "./support/until.ts";
import { Writer } from "./support/writer.ts";

const ROOM = "one-cursor";
const EACH = 40;
const ALL = 300;

interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

let server: BareServer;
const token = tokenFor("ada", SECRETS.AUTH_SECRET);
beforeAll(async () => {
  server = await BareServer.start();
});
afterAll(() => server.stop());

it("sees every seq once over WebSocket, SSE, long poll, history and WebSocket again", async () => {
  const writer = new Writer(server.url, ROOM);
  const seen: number[] = [];
  const counts: Record<string, number> = {};
  const took = async (way: string, cursor: Promise<Cursor>) => {
    const before = seen.length;
    const next = await cursor;
    counts[way] = seen.length - before;
    expect(next.seq).toBe(seen.at(-1));
    return next;
  };

  let writing = Promise.resolve();
  const first = overWebSocket(undefined, seen, EACH, () => {
    writing = writer.write(ALL, "hello", 5);
  });
  let cursor = await took("webSocket", first);
  cursor = await took("events", overEvents(cursor, seen, EACH));
  cursor = await took("longPoll", overPolls(cursor, seen, EACH));
  // So that history has pages to tell.
  await until(() => writer.written > cursor.seq + EACH / 2);
  cursor = await took("history", overHistory(cursor, seen));
  expect(writer.written).toBeLessThan(ALL);
  await took("webSocketAgain", overWebSocket(cursor, seen, ALL - seen.length));
  await writing;
  console.log(JSON.stringify({ test: "one-cursor", ...counts }));
  expect(seen).toEqual(seqsTo(ALL));
});

/** Reads so many messages over a WebSocket, and goes. */
function overWebSocket(
  from: Cursor | undefined,
  seen: number[],
  count: number,
  onJoined: () => void = () => {},
): Promise<Cursor> {
  const query = from === undefined ? "" : `?since=${from.seq}&epoch=${from.epoch}`;
  const url = `ws://127.0.0.1:${server.port}/v1/rooms/${ROOM}/ws${query}`;
  const socket = new WebSocket(url, ["hibiki.v1.json", `bearer.${token}`]);
  let epoch = "";
  let left = count;
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data) => {
      for (const { type, seq = 0, payload } of framesIn(data)) {
        if (type === "joined_room") {
          epoch = payload.epoch ?? "";
          onJoined();
          if (from !== undefined && payload.recovered !== true) reject(new Error("not recovered"));
        }
        // What comes after the last one it reads is lost with the connection, and resumed.
        if (type !== "new_message" || left === 0) continue;
        seen.push(seq);
        left -= 1;
        if (left === 0) resolve({ epoch, seq });
      }
      if (left === 0) socket.close();
    });
  });
}

async function overEvents(from: Cursor, seen: number[], count: number): Promise<Cursor> {
  const query = `&since=${from.seq}&epoch=${from.epoch}`;
  const reader = StreamReader.open(server.url, ROOM, "ada", query);
  await until(() => reader.seqs.length >= count);
  reader.close();
  expect(reader.joined.map(({ recovered }) => recovered)).toEqual([true]);
  seen.push(...reader.seqs);
  const at = reader.lastEventId.lastIndexOf(":");
  return {
    epoch: reader.lastEventId.slice(0, at),
    seq: Number(reader.lastEventId.slice(at + 1)),
  };
}

async function overPolls(from: Cursor, seen: number[], count: number): Promise<Cursor> {
  let cursor = from;
  for (let read = 0; read < count; ) {
    const page = await get<Cursor & { events: Frame[]; recovered: boolean }>(
      `/poll?since=${cursor.seq}&epoch=${cursor.epoch}&wait=25`,
    );
    expect(page.recovered).toBe(true);
    const seqs = page.events.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
    seen.push(...seqs);
    read += seqs.length;
    cursor = page;
  }
  return cursor;
}

async function overHistory(from: Cursor, seen: number[]): Promise<Cursor> {
  for (let after = from.seq; ; ) {
    const page = await get<Cursor & { messages: { seq: number }[]; hasMore: boolean }>(
      `/messages?after=${after}&limit=3`,
    );
    seen.push(...page.messages.map(({ seq }) => seq));
    after = seen.at(-1) ?? 0;
    if (!page.hasMore) return page;
  }
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${server.url}/v1/rooms/${ROOM}${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return (await response.json()) as T;
}
