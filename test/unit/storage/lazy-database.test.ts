import { beforeEach, describe, expect, it } from "vitest";
import { SqlWriters } from "../../../src/kinds/chat/sql-writers.ts";
import { deliveryOf, INBOX_CARRIER } from "../../../src/kinds/inbox/notice.ts";
import { SqlInbox } from "../../../src/kinds/inbox/sql-inbox.ts";
import { SqlLastValues } from "../../../src/kinds/topic/sql-last-values.ts";
import type { LogEvent } from "../../../src/room/log/log.ts";
import type { CarrierQueue } from "../../../src/room/store/outbox.ts";
import type { Tables } from "../../../src/room/store/tables.ts";
import { LazyDatabase } from "../../../src/storage/lazy-database.ts";
import { NewerSchemaError } from "../../../src/storage/migrations.ts";
import { SqlRoomStore } from "../../../src/storage/sql-room-store.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";
import { kindOf } from "../../support/kinds.ts";

const T0 = Date.UTC(2026, 0, 1);
const NOTICE = { recipient: "ben", source: 1, key: "k", content: { type: "t", title: "t" } };
const MESSAGE: LogEvent = {
  seq: 1,
  type: "new_message",
  at: T0,
  userId: "ada",
  messageId: "m1",
  payload: '{"seq":1}',
};

let database: NodeDatabase;
let store: SqlRoomStore;

beforeEach(() => {
  database = new NodeDatabase();
  store = open();
});

function open(epoch = "epoch-1", on = database): SqlRoomStore {
  return new SqlRoomStore(on, () => epoch, "general", kindOf);
}

const inboxOn = (tables: Tables) => new SqlInbox(tables);
const valuesOn = (tables: Tables) => new SqlLastValues(tables);
const writersOn = (tables: Tables) => new SqlWriters(tables);

function tables(): readonly unknown[] {
  return [...database.query("SELECT name FROM sqlite_master WHERE type = 'table'")];
}

/** A store whose tables are there although nothing is in them. */
function emptied(): SqlRoomStore {
  const other = new NodeDatabase();
  const written = open("epoch-1", other);
  written.bans.ban("ada", T0);
  written.bans.unban("ada");
  return written;
}

/** What waits for inboxes. */
const inboxes = ({ outbox }: SqlRoomStore): CarrierQueue => outbox.of(INBOX_CARRIER);

const READS: readonly [string, (store: SqlRoomStore) => unknown][] = [
  ["head, oldest and epoch", ({ log }) => [log.head, log.oldest, log.epoch]],
  ["an entry", ({ log }) => log.entry(1)],
  ["events", ({ log }) => [...log.eventsAfter(0, 9)]],
  ["a page", ({ log }) => log.page({ limit: 9 })],
  ["the newest messages", ({ log }) => log.newestMessages(9)],
  ["what was accepted", ({ log }) => [log.accepted(1), log.find(["m"], { after: 0, upTo: 9 })]],
  ["keys", ({ log }) => log.keysIn({ after: 0, upTo: 9 })],
  ["events by time", ({ log }) => log.newestBefore(T0, { after: 0, upTo: 9 })],
  ["a reaction", ({ log }) => log.reactionEvent("{}", { after: 0, upTo: 9 })],
  ["times", ({ log }) => [log.oldestAt(), log.newestAt(), log.firstSince(T0)]],
  ["retention", ({ log }) => [log.firstOfNewest(1), log.trim(9, 9)]],
  ["receipts", ({ receipts }) => [receipts.load(9), receipts.trim(0)]],
  ["bans", ({ bans }) => [bans.bannedUntil("ada"), bans.lastUntil(), bans.expire(T0)]],
  ["an unban", ({ bans }) => bans.unban("ada")],
  [
    "an inbox",
    ({ tables }) => [
      inboxOn(tables).unread(),
      inboxOn(tables).newest(9),
      inboxOn(tables).delivered("k"),
    ],
  ],
  ["unread ones", ({ tables }) => inboxOn(tables).page({ limit: 9, unreadOnly: true })],
  [
    "marking by name",
    ({ tables }) => [inboxOn(tables).markRead({ ids: [1, 2] }), inboxOn(tables).trim(9)],
  ],
  ["last values", ({ tables }) => [valuesOn(tables).load(), valuesOn(tables).remove("price")]],
  [
    "an outbox",
    (store) => [
      store.outbox.isEmpty,
      inboxes(store).nextDue(T0, []),
      inboxes(store).beyond("b", 0),
    ],
  ],
  [
    "postponing",
    (store) => [
      inboxes(store).postpone("b", T0),
      inboxes(store).defer("b", T0),
      inboxes(store).bury([1], "a test", 0),
    ],
  ],
  ["who rests", (store) => inboxes(store).resting(T0)],
  [
    "what waits",
    (store) => inboxes(store).waiting({ now: T0, except: [], recipients: 9, each: 9 }),
  ],
  ["writers", ({ tables }) => writersOn(tables).has("ada")],
  ["numbers", ({ stats }) => stats.load()],
];

describe("a store that nobody wrote to", () => {
  it.each(READS)("answers as an empty one that was written, and stores nothing: %s", (_, read) => {
    expect(read(store)).toEqual(read(emptied()));
    expect(store.isWritten).toBe(false);
    expect(tables()).toEqual([]);
  });

  it.each<[string, (store: SqlRoomStore) => void]>([
    ["an event", ({ log }) => log.append(MESSAGE)],
    ["an event in a transaction", ({ log }) => log.transaction(() => log.append(MESSAGE))],
    ["a ban", ({ bans }) => bans.ban("ada", T0)],
    ["a receipt", ({ receipts }) => receipts.save(new Map([["ada", 1]]))],
    ["a notice", ({ outbox }) => outbox.add(deliveryOf(NOTICE), T0)],
    [
      "a last value",
      ({ tables }) => valuesOn(tables).save(new Map([["a", { data: 1, timestamp: "" }]])),
    ],
    ["a writer", ({ tables }) => writersOn(tables).add("ada")],
    ["a read mark", ({ tables }) => inboxOn(tables).markRead({ upTo: 1 })],
  ])("has all its tables, name and epoch from the first write on: %s", (_, write) => {
    write(store);
    expect(store.isWritten).toBe(true);
    const again = new SqlRoomStore(database, () => "epoch-2", undefined, kindOf);
    expect([again.name, again.log.epoch, again.isWritten]).toEqual(["general", "epoch-1", true]);
  });

  it("is unwritten again when its first transaction failed, and takes the next", () => {
    database.failing = true;
    expect(() => store.log.transaction(() => store.log.append(MESSAGE))).toThrow("full");
    expect(() => store.bans.ban("ada", T0)).toThrow("full");
    expect([store.isWritten, tables()]).toEqual([false, []]);
    database.failing = false;
    store.log.transaction(() => store.log.append(MESSAGE));
    expect(open("epoch-2").log).toMatchObject({ head: 1, epoch: "epoch-1" });
  });
});

describe("a store that was closed because all was erased", () => {
  it("finds nothing in the next life of the database, and writes nothing into it", () => {
    store.log.append(MESSAGE);
    store.close();
    expect([store.isWritten, store.log.entry(1), inboxes(store).nextDue(T0, [])]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    inboxes(store).remove([1]);
    expect(() => store.bans.ban("ada", T0)).toThrow("over");
  });
});

it("is not opened when newer code has written it", () => {
  store.log.append(MESSAGE);
  database.query("INSERT INTO migrations (step) VALUES (1000)");
  expect(() => open()).toThrow(NewerSchemaError);
  expect(() => new LazyDatabase(database, () => {})).toThrow("step 1000");
});
