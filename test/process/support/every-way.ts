import { expect } from "vitest";
import WebSocket from "ws";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import type { BareServer } from "./bare-server.ts";
import { type Frame, framesIn } from "./frame.ts";
import { StreamReader } from "./stream-reader.ts";
import { until } from "./until.ts";
import { Writer } from "./writer.ts";

const EACH = 40;

interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

/** What a reader of every way in saw, in order, and how much of it by which way. */
export interface ReadEveryWay {
  readonly seen: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Reads a room while `all` messages are written into it: with one cursor over WebSocket, Server-Sent
 * Events, long polls, history, and WebSocket again.
 */
export async function readEveryWay(
  server: BareServer,
  room: string,
  all: number,
): Promise<ReadEveryWay> {
  const reader = new EveryWay(server, room);
  const writer = new Writer(server.url, room);
  let writing = Promise.resolve();
  const first = reader.overWebSocket(undefined, EACH, () => {
    writing = writer.write(all, "hello", 5);
  });
  let cursor = await reader.took("webSocket", first);
  cursor = await reader.took("events", reader.overEvents(cursor, EACH));
  cursor = await reader.took("longPoll", reader.overPolls(cursor, EACH));
  // So that history has pages to tell.
  await until(() => writer.written > cursor.seq + EACH / 2);
  cursor = await reader.took("history", reader.overHistory(cursor));
  expect(writer.written).toBeLessThan(all);
  await reader.took("webSocketAgain", reader.overWebSocket(cursor, all - reader.seen.length));
  await writing;
  return reader;
}

class EveryWay implements ReadEveryWay {
  readonly seen: number[] = [];
  readonly counts: Record<string, number> = {};
  readonly #server: BareServer;
  readonly #room: string;
  readonly #token = tokenFor("ada", SECRETS.AUTH_SECRET);

  constructor(server: BareServer, room: string) {
    this.#server = server;
    this.#room = room;
  }

  async took(way: string, cursor: Promise<Cursor>): Promise<Cursor> {
    const before = this.seen.length;
    const next = await cursor;
    this.counts[way] = this.seen.length - before;
    expect(next.seq).toBe(this.seen.at(-1));
    return next;
  }

  /** Reads so many messages over a WebSocket, and goes. */
  overWebSocket(
    from: Cursor | undefined,
    count: number,
    onJoined: () => void = () => {},
  ): Promise<Cursor> {
    const query = from === undefined ? "" : `?since=${from.seq}&epoch=${from.epoch}`;
    const url = `ws://127.0.0.1:${this.#server.port}/v1/rooms/${this.#room}/ws${query}`;
    const socket = new WebSocket(url, ["hibiki.v1.json", `bearer.${this.#token}`]);
    let epoch = "";
    let left = count;
    return new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data) => {
        for (const { type, seq = 0, payload } of framesIn(data)) {
          if (type === "joined_room") {
            epoch = payload.epoch ?? "";
            onJoined();
            if (from !== undefined && payload.recovered !== true)
              reject(new Error("not recovered"));
          }
          // What comes after the last one it reads is lost with the connection, and resumed.
          if (type !== "new_message" || left === 0) continue;
          this.seen.push(seq);
          left -= 1;
          if (left === 0) resolve({ epoch, seq });
        }
        if (left === 0) socket.close();
      });
    });
  }

  async overEvents(from: Cursor, count: number): Promise<Cursor> {
    const query = `&since=${from.seq}&epoch=${from.epoch}`;
    const reader = StreamReader.open(this.#server.url, this.#room, "ada", query);
    await until(() => reader.seqs.length >= count);
    reader.close();
    expect(reader.joined.map(({ recovered }) => recovered)).toEqual([true]);
    this.seen.push(...reader.seqs);
    const at = reader.lastEventId.lastIndexOf(":");
    return {
      epoch: reader.lastEventId.slice(0, at),
      seq: Number(reader.lastEventId.slice(at + 1)),
    };
  }

  async overPolls(from: Cursor, count: number): Promise<Cursor> {
    let cursor = from;
    for (let read = 0; read < count; ) {
      const page = await this.#get<Cursor & { events: Frame[]; recovered: boolean }>(
        `/poll?since=${cursor.seq}&epoch=${cursor.epoch}&wait=25`,
      );
      expect(page.recovered).toBe(true);
      const seqs = page.events.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
      this.seen.push(...seqs);
      read += seqs.length;
      cursor = page;
    }
    return cursor;
  }

  async overHistory(from: Cursor): Promise<Cursor> {
    for (let after = from.seq; ; ) {
      const page = await this.#get<Cursor & { messages: { seq: number }[]; hasMore: boolean }>(
        `/messages?after=${after}&limit=3`,
      );
      this.seen.push(...page.messages.map(({ seq }) => seq));
      after = this.seen.at(-1) ?? 0;
      if (!page.hasMore) return page;
    }
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#server.url}/v1/rooms/${this.#room}${path}`, {
      headers: { Authorization: `Bearer ${this.#token}` },
    });
    return (await response.json()) as T;
  }
}
