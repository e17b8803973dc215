import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readSettings } from "../../../../src/protocol/settings.ts";
import type { Session } from "../../../../src/room/connections/connection.ts";
import { bytesOf, Counters } from "../../../../src/room/counting/counters.ts";
import { statsOf } from "../../../../src/room/counting/stats.ts";
import { Door } from "../../../../src/room/door.ts";
import { Room } from "../../../../src/room/room.ts";
import { SqlRoomStore } from "../../../../src/storage/sql-room-store.ts";
import { NodeDatabase } from "../../../../src/testing/node-database.ts";
import { kindOf } from "../../../support/kinds.ts";
import { RecordedSockets } from "../../../support/recorded-sockets.ts";

const T0 = Date.UTC(2026, 0, 1);
const KIND = { name: "poll", errors: ["closed"] };

describe("counters", () => {
  it("hand over what they counted and begin anew, but for the peak", () => {
    const counters = new Counters(KIND);
    expect(counters.hasCounted).toBe(false);
    counters.connected("websocket", 1);
    counters.connected("sse", 2);
    counters.disconnected({ code: 1006, clean: false });
    counters.refused("banned");
    counters.flushed(3, 2);
    counters.buried(4, 3);
    counters.skipped(5);
    const taken = counters.take();
    expect(taken).toMatchObject({
      connects: { websocket: 1, sse: 1 },
      disconnects: { "1006 abnormal": 1 },
      refusals: { banned: 1 },
      flushes: { "5": 1 },
      flushItems: 3,
      deadLetters: 4,
      deadLettersDropped: 3,
      skippedTicks: 5,
      messages: 2,
    });
    expect([counters.hasCounted, counters.peak]).toEqual([false, 2]);
    expect(counters.counts.connects).toEqual({});
    expect(taken.connects).toEqual({ websocket: 1, sse: 1 });
  });

  it("know a team's own codes and its rules by the kind, and no words that its contract does not have", () => {
    const counters = new Counters(KIND);
    for (const code of ["banned", "closed", "closed", "rude", "toString"]) {
      counters.refused(code as "banned");
    }
    counters.blamed("before", "after", "before");
    expect(counters.take()).toMatchObject({
      refusals: { banned: 1, "poll closed": 2, "poll other": 2 },
      ruleFailures: { "poll before": 2, "poll after": 1 },
    });
    expect(counters.take()).toMatchObject({ refusals: {}, ruleFailures: {} });
  });

  it("take frames in and out for news once a flush is told, and not by themselves", () => {
    const counters = new Counters(KIND);
    counters.heard(10);
    counters.sent("token_refreshed");
    expect(counters.hasCounted).toBe(false);
    counters.told();
    expect(counters.hasCounted).toBe(true);
    counters.take();
    counters.told();
    expect(counters.hasCounted).toBe(false);
  });

  it("measure text in UTF-8 and bytes as they are, shared by readers or not", () => {
    const counters = new Counters(KIND);
    counters.heard(bytesOf("響"));
    counters.heard(bytesOf(new Uint8Array(5)));
    for (const message of ["aé", "aé", "響", "aé", new Uint8Array(4)]) counters.sent(message);
    expect(counters.take()).toMatchObject({ framesIn: 2, bytesIn: 8, bytesOut: 3 * 3 + 3 + 4 });
  });
});

describe("counters of long text", () => {
  it.each([
    ["ASCII", "a".repeat(100_000)],
    ["two bytes", "é".repeat(50_001)],
    ["three bytes", `a${"響".repeat(50_000)}`],
    ["surrogate pairs", `a${"😀".repeat(30_000)}`],
    ["lone surrogates", "\ud83d".repeat(20_000)],
  ])("measure it to the byte, and make no copy of it: %s", (_, text) => {
    const bytes = Buffer.byteLength(text);
    const encode = vi.spyOn(TextEncoder.prototype, "encode");
    const counters = new Counters(KIND);
    counters.sent(text);
    counters.heard(bytesOf(text));
    expect(counters.take()).toMatchObject({ bytesIn: bytes, bytesOut: bytes });
    expect(encode).not.toHaveBeenCalled();
    encode.mockRestore();
  });
});

describe("a room", () => {
  let database: NodeDatabase;
  let sockets: RecordedSockets;
  let store: SqlRoomStore;
  let room: Room;
  let door: Door;
  beforeEach(() => {
    const read = readSettings({ AUTH_SECRET: "a-secret-of-the-unit-tests-of-a-room" });
    if (!read.ok) throw new Error(read.problem);
    const { limits } = read.settings;
    database = new NodeDatabase();
    sockets = new RecordedSockets();
    store = new SqlRoomStore(database, () => "epoch-1", "general", kindOf);
    room = new Room("general", store.kind, {
      store,
      sockets,
      limits,
      newId: randomUUID,
      random: Math.random,
    });
    door = new Door(room, limits, store.kind.parser(limits));
  });

  function join(id: string): void {
    const session: Session = {
      userId: id,
      name: id,
      permissions: ["read", "write"],
      expiresAt: T0 + 60_000,
      wire: "json",
      transport: "websocket",
      address: id,
      connectedAt: T0,
    };
    room.join({ id, session, history: 0 }, T0);
  }

  function hear(id: string, frame: object | string): void {
    const connection = room.connection(id);
    if (connection === undefined) throw new Error(`${id} is not connected`);
    door.receive(connection, typeof frame === "string" ? frame : JSON.stringify(frame), T0);
  }

  const message = (messageId: string) => ({
    type: "send_message",
    messageId,
    payload: { content: "hi" },
  });

  it("counts what it appends once, a repeat not at all, and every frame that comes", () => {
    join("ada");
    hear("ada", message("m"));
    hear("ada", message("m"));
    room.flush(T0);
    expect(room.counters.counts).toMatchObject({ messages: 1, framesIn: 2, refusals: {} });
  });

  it("counts exactly the bytes that its sockets are handed", () => {
    let bytes = 0;
    const send = sockets.send.bind(sockets);
    sockets.send = (id, sent) => {
      bytes += Buffer.byteLength(String(sent));
      send(id, sent);
    };
    join("ada");
    join("ben");
    hear("ada", message("響"));
    room.flush(T0);
    expect(room.counters.counts.bytesOut).toBe(bytes);
  });

  it("counts a refusal once, wherever it comes from", () => {
    join("ada");
    hear("ada", "{");
    hear("ada", { type: "dance" });
    hear("ada", { type: "publish", payload: { event: "e", data: 1 } });
    room.flush(T0);
    expect(room.counters.counts.refusals).toEqual({
      invalid_frame: 1,
      unknown_type: 1,
      access_denied: 1,
    });
    room.kick("ada", 0, T0);
    room.flush(T0);
    expect(room.counters.counts.refusals["access_denied"]).toBe(2);
  });

  it("counts what a failed transaction refused, and no message of it", () => {
    join("ada");
    hear("ada", message("lost"));
    database.failing = true;
    room.flush(T0);
    expect(room.counters.counts).toMatchObject({ messages: 0, refusals: { internal: 1 } });
  });

  it("tells its numbers with what the log holds", () => {
    const numbers = () => ({ totals: room.counters.counts, peak: room.counters.peak });
    expect(statsOf(room, store.log, numbers(), 0)).toMatchObject({ logRows: 0, seq: 0 });
    join("ada");
    hear("ada", message("one"));
    hear("ada", message("two"));
    room.flush(T0);
    room.counters.disconnected({ code: 1000, clean: true });
    room.counters.disconnected({ code: 1000, clean: true });
    room.counters.disconnected({ code: 1000, clean: false });
    room.counters.disconnected({ code: 1006, clean: false });
    expect(statsOf(room, store.log, numbers(), 4_096)).toMatchObject({
      epoch: "epoch-1",
      seq: 2,
      connections: 1,
      users: 1,
      peak: 1,
      messages: 2,
      frames: 2,
      logRows: 2,
      storedBytes: 4_096,
      connects: { websocket: 1 },
      disconnects: { "1000": { clean: 2, abnormal: 1 }, "1006": { clean: 0, abnormal: 1 } },
      // Both messages, and the word that ada is there.
      flushes: { count: 1, items: 3 },
    });
  });
});
