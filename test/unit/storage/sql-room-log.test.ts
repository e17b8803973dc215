import { beforeEach, describe, expect, it } from "vitest";
import type { LogEvent, RoomLog } from "../../../src/room/log/log.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { SqlRoomStore } from "../../../src/storage/sql-room-store.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";
import { kindOf } from "../../support/kinds.ts";

const T0 = Date.UTC(2026, 0, 1);

let database: NodeDatabase;
let store: SqlRoomStore;
let log: RoomLog;

beforeEach(() => {
  database = new NodeDatabase();
  store = open();
  log = store.log;
});

function open(epoch = "epoch-1"): SqlRoomStore {
  return new SqlRoomStore(database, () => epoch, "general", kindOf);
}

function count(table: string): unknown {
  return [...database.query(`SELECT COUNT(*) AS rows FROM ${table}`)][0]?.["rows"];
}

/** Appends an event after the head, a message unless `event` says otherwise. */
function append(event: Partial<LogEvent> = {}): number {
  const seq = log.head + 1;
  log.append({
    seq,
    type: "new_message",
    at: T0 + seq,
    userId: "ada",
    messageId: `m${seq}`,
    payload: JSON.stringify({ seq, content: `content-${seq}` }),
    ...event,
  });
  return seq;
}

function edit(target: number, lastEdit?: number): number {
  const payload = JSON.stringify({ seq: target, content: `edit-of-${target}` });
  const seq = append({
    type: "message_edited",
    target,
    payload,
    ...(lastEdit === undefined ? {} : { lastEdit }),
  });
  log.rewrite(target, payload, seq);
  return seq;
}

function seqs(entries: readonly string[]): number[] {
  return entries.map((entry) => (JSON.parse(entry) as { seq: number }).seq);
}

describe("opening a log", () => {
  it("migrates an empty database once and changes nothing the second time", () => {
    append();
    const steps = count("migrations");
    migrate(database);
    migrate(database);
    expect(count("migrations")).toBe(steps);
    expect(count("log")).toBe(1);
  });

  it("leaves no half of a migration behind when it fails", () => {
    const full = new NodeDatabase();
    full.failing = true;
    expect(() => migrate(full)).toThrow("full");
    expect([...full.query("SELECT name FROM sqlite_master")]).toEqual([]);
    full.failing = false;
    expect(new SqlRoomStore(full, () => "e", "r", kindOf).log.head).toBe(0);
  });

  it("keeps the epoch of its first write, and gives another database another", () => {
    append();
    expect(open("epoch-2").log.epoch).toBe("epoch-1");
    expect(new SqlRoomStore(new NodeDatabase(), () => "epoch-2", "r", kindOf).log.epoch).toBe(
      "epoch-2",
    );
  });

  it("finds head and oldest where it left them, also after a trim", () => {
    expect([log.head, log.oldest]).toEqual([0, 1]);
    for (let i = 0; i < 5; i++) append();
    log.trim(4, 100);
    const reopened = open().log;
    expect([reopened.head, reopened.oldest]).toEqual([5, 4]);
  });
});

describe("a transaction", () => {
  it("that fails takes back its rows and its head", () => {
    append();
    database.failing = true;
    expect(() => log.transaction(() => append())).toThrow("full");
    expect(log.head).toBe(1);
    expect(count("log")).toBe(1);
    database.failing = false;
    log.transaction(() => append());
    expect(log.head).toBe(2);
  });
});

describe("a page", () => {
  beforeEach(() => {
    for (let i = 0; i < 6; i++) append();
  });

  it.each([
    [{ limit: 3 }, [4, 5, 6], true],
    [{ limit: 6 }, [1, 2, 3, 4, 5, 6], false],
    [{ before: 4, limit: 2 }, [2, 3], true],
    [{ before: 4, limit: 3 }, [1, 2, 3], false],
    [{ before: 1, limit: 3 }, [], false],
    [{ after: 2, limit: 3 }, [3, 4, 5], true],
    [{ after: 3, limit: 3 }, [4, 5, 6], false],
    [{ after: 0, limit: 1 }, [1], true],
    [{ after: 6, limit: 3 }, [], false],
  ])("of %j is oldest first and knows whether there is more", (query, expected, hasMore) => {
    const page = log.page(query);
    expect(seqs(page.entries)).toEqual(expected);
    expect(page.hasMore).toBe(hasMore);
  });

  it("shows present states and no events: an edit applied, a deletion as such", () => {
    edit(2);
    append({ type: "message_reacted", target: 3, payload: '{"seq":3,"emoji":"👍"}' });
    append({ type: "message_deleted", target: 4, payload: '{"seq":4,"userId":"ada"}' });
    log.erase(4, '{"seq":4,"userId":"ada"}');
    const { entries, hasMore } = log.page({ limit: 10 });
    expect(seqs(entries)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(entries[1]).toBe('{"seq":2,"content":"edit-of-2"}');
    expect(entries[3]).toBe('{"seq":4,"deleted":true}');
    expect(hasMore).toBe(false);
    expect(seqs(log.newestMessages(3))).toEqual([3, 5, 6]);
  });
});

describe("erasing", () => {
  it("follows the chain of edits, and leaves other messages and their edits alone", () => {
    append();
    append();
    const firstEdit = edit(1);
    const otherEdit = edit(2);
    const secondEdit = edit(1, firstEdit);
    log.erase(1, '{"seq":1,"userId":"ada"}');
    const payloads = [...database.query("SELECT seq, payload FROM log ORDER BY seq")];
    const erased = payloads
      .filter(({ payload }) => payload === '{"seq":1,"userId":"ada"}')
      .map(({ seq }) => seq);
    expect(erased).toEqual([1, firstEdit, secondEdit]);
    expect(JSON.stringify(payloads)).not.toContain("edit-of-1");
    expect(payloads[otherEdit - 1]?.["payload"]).toContain("edit-of-2");
    expect([log.entry(1), log.entry(firstEdit)]).toEqual([{ kind: "deleted" }, { kind: "event" }]);
  });

  it("replays to whoever resumes as deletions, every seq still there", () => {
    append();
    edit(1);
    log.erase(1, '{"seq":1,"userId":"ada"}');
    const frames = [...log.eventsAfter(0, 10)].map((frame) => JSON.parse(frame) as object);
    expect(frames).toMatchObject([
      { type: "message_deleted", seq: 1, payload: { seq: 1, userId: "ada" } },
      { type: "message_deleted", seq: 2, payload: { seq: 1, userId: "ada" } },
    ]);
  });
});

describe("what stands at a seq", () => {
  it("is a message with its newest edit, an event, or nothing", () => {
    append();
    expect(log.entry(1)).toMatchObject({ kind: "message", message: { content: "content-1" } });
    const seq = edit(1);
    expect(log.entry(1)).toMatchObject({ message: { content: "edit-of-1" }, lastEdit: seq });
    expect(log.entry(seq)).toEqual({ kind: "event" });
    expect(log.entry(99)).toBeUndefined();
  });

  it("keeps the newest edit when something else rewrites the message", () => {
    append();
    const seq = edit(1);
    log.rewrite(1, '{"seq":1,"content":"edit-of-1","reactions":{}}');
    expect(log.entry(1)).toMatchObject({ lastEdit: seq });
  });
});

describe("the rest of the log", () => {
  it("replays events after a seq, oldest first, at most as many as asked", () => {
    for (let i = 0; i < 4; i++) append();
    expect(seqs([...log.eventsAfter(1, 2)])).toEqual([2, 3]);
    expect([...log.eventsAfter(4, 2)]).toEqual([]);
    expect(JSON.parse([...log.eventsAfter(3, 1)][0] ?? "")).toEqual({
      type: "new_message",
      seq: 4,
      timestamp: new Date(T0 + 4).toISOString(),
      payload: { seq: 4, content: "content-4" },
    });
  });

  it("knows the request behind every row, and finds requests by their keys", () => {
    for (let i = 0; i < 4; i++) append({ userId: i % 2 ? "ben" : "ada", fingerprint: -i });
    const third = { seq: 3, userId: "ada", messageId: "m3", at: T0 + 3, fingerprint: -2 };
    expect(log.accepted(3)).toEqual(third);
    expect(log.accepted(9)).toBeUndefined();
    expect(log.find(["m1", "m3", "m4"], { after: 1, upTo: 3 })).toEqual([third]);
    expect(log.keysIn({ after: 2, upTo: 4 })).toEqual([
      { userId: "ada", messageId: "m3" },
      { userId: "ben", messageId: "m4" },
    ]);
    expect(log.newestBefore(T0 + 2, { after: 0, upTo: 4 })).toBe(2);
    expect(log.newestBefore(T0 + 2, { after: 2, upTo: 4 })).toBeUndefined();
  });

  it("hands over keys of any characters and of full length", () => {
    const texts = ['"', "\\", "\u0000", "\u2028", "😀".repeat(64), "ж".repeat(128)];
    for (const text of texts) append({ userId: text, messageId: text });
    const names = texts.map((text) => ({ userId: text, messageId: text }));
    expect(log.keysIn({ after: 0, upTo: log.head })).toEqual(names);
  });

  it("only ever moves a receipt up", () => {
    store.receipts.save(new Map([["ada", 5]]));
    store.receipts.save(new Map([["ada", 3]]));
    store.receipts.save(new Map([["ben", 1]]));
    expect(open().receipts.load(10)).toEqual(
      new Map([
        ["ada", 5],
        ["ben", 1],
      ]),
    );
  });

  it("bans until a time, newly each time, and lifts it", () => {
    expect(store.bans.bannedUntil("ada")).toBeUndefined();
    store.bans.ban("ada", T0 + 2);
    store.bans.ban("ada", T0 + 1);
    expect(open().bans.bannedUntil("ada")).toBe(T0 + 1);
    store.bans.unban("ada");
    expect(store.bans.bannedUntil("ada")).toBeUndefined();
  });

  it("survives a user id that is SQL", () => {
    const userId = "'); DROP TABLE log; --";
    append({ userId });
    store.bans.ban(userId, T0);
    expect(store.bans.bannedUntil(userId)).toBe(T0);
    expect(log.accepted(1)?.userId).toBe(userId);
  });
});

describe("trimming", () => {
  beforeEach(() => {
    for (let i = 0; i < 6; i++) append();
  });

  it("goes in slices and never takes the head, whose seq is the room's counter", () => {
    expect(log.trim(5, 2)).toBe(2);
    expect(log.oldest).toBe(3);
    expect(log.trim(99, 100)).toBe(3);
    expect([log.oldest, log.head, count("log")]).toEqual([6, 6, 1]);
    expect(log.trim(99, 100)).toBe(0);
  });

  it("finds where the newest messages and the events of a time begin", () => {
    edit(6);
    expect(log.firstOfNewest(2)).toBe(5);
    expect(log.firstOfNewest(7)).toBeUndefined();
    expect(log.firstSince(T0 + 3)).toBe(3);
    expect(log.firstSince(T0)).toBe(1);
    expect(log.firstSince(T0 + 99)).toBe(7);
    log.trim(3, 100);
    expect(log.firstSince(T0)).toBe(3);
    expect(log.oldestAt()).toBe(T0 + 3);
  });
});
