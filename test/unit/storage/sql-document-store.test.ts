import { beforeEach, describe, expect, it } from "vitest";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { NewerSchemaError } from "../../../src/storage/migrations.ts";
import { SqlDocumentStore } from "../../../src/storage/sql-document-store.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";

let database: NodeDatabase;
let store: SqlDocumentStore;

beforeEach(() => {
  database = new NodeDatabase();
  store = open();
});

function open(): SqlDocumentStore {
  return new SqlDocumentStore(database, "document:notes");
}

function bytes(length: number, fill: number): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

const HOLDINGS = Uint8Array.of(1, 2, 3);

function rowsOf(table: string): number {
  return Number([...database.query(`SELECT COUNT(*) AS n FROM ${table}`)][0]?.["n"]);
}

it("stores nothing before the first update", () => {
  expect(store.snapshot()).toBeUndefined();
  expect(store.tail()).toEqual([]);
  expect(store.isWritten).toBe(false);
  expect([...database.query("SELECT name FROM sqlite_master")]).toEqual([]);
});

describe("the tail", () => {
  it("is what was appended, in order, also for the next life", () => {
    const updates = [bytes(3, 1), bytes(1, 2), bytes(2, 3)];
    for (const update of updates) store.append(update);
    for (const one of [store, open()]) {
      expect(one.tail()).toEqual(updates);
      expect(one).toMatchObject({ tailRows: 3, tailBytes: 6, snapshotBytes: 0 });
    }
  });

  it("holds an update that is longer than a row", () => {
    const long = bytes(EDITOR_BOUNDS.partBytes * 2 + 7, 5);
    store.append(bytes(1, 1));
    store.append(long);
    store.append(bytes(1, 2));
    expect(
      open()
        .tail()
        .map(({ length }) => length),
    ).toEqual([1, long.length, 1]);
    expect(Buffer.from(long).equals(open().tail()[1] ?? bytes(0, 0))).toBe(true);
    expect(open().tailRows).toBe(5);
  });

  it("costs one row an update, and none more after it was folded: its rows are written over", () => {
    for (let at = 0; at < 10; at++) store.append(bytes(4, at));
    store.fold(bytes(9, 9), HOLDINGS, []);
    const before = database.writes;
    for (let at = 0; at < 10; at++) store.append(bytes(4, 100 + at));
    expect(database.writes - before).toBe(10);
    expect(rowsOf("tail")).toBe(10);
    expect(open().tail()).toEqual(Array.from({ length: 10 }, (_, at) => bytes(4, 100 + at)));
  });

  it.each([
    ["in one row", 100_000],
    ["in rows of a transaction", EDITOR_BOUNDS.partBytes + 1],
  ])("is as it was when an update could not be stored %s", (_, length) => {
    store.append(bytes(2, 1));
    // SQLite itself says that the disk is full, as it does beyond so many pages.
    database.query("PRAGMA max_page_count = 1");
    expect(() => store.append(bytes(length, 2))).toThrow();
    database.query("PRAGMA max_page_count = 1000000");
    store.append(bytes(2, 3));
    expect(store.tail()).toEqual([bytes(2, 1), bytes(2, 3)]);
    expect(store.tail()).toEqual(open().tail());
  });
});

describe("the snapshot", () => {
  it("takes the place of the tail, whatever its length, and shrinks again", () => {
    const long = bytes(EDITOR_BOUNDS.partBytes + 1, 7);
    store.append(bytes(2, 1));
    store.fold(long, HOLDINGS, []);
    for (const one of [store, open()]) {
      expect(one.tail()).toEqual([]);
      expect(Buffer.from(long).equals(one.snapshot() ?? bytes(0, 0))).toBe(true);
      expect(one.holdings).toEqual(HOLDINGS);
      expect(one).toMatchObject({ snapshotBytes: long.length, tailRows: 0, tailBytes: 0 });
    }
    store.append(bytes(2, 2));
    store.fold(bytes(3, 3), HOLDINGS, []);
    expect(open().snapshot()).toEqual(bytes(3, 3));
    expect(rowsOf("snapshot")).toBe(1);
  });

  it("and tail are as they were when it could not be stored", () => {
    store.append(bytes(2, 1));
    database.failing = true;
    expect(() => store.fold(bytes(3, 3), HOLDINGS, [])).toThrow();
    database.failing = false;
    for (const one of [store, open()]) {
      expect(one.snapshot()).toBeUndefined();
      expect(one.tail()).toEqual([bytes(2, 1)]);
    }
  });

  it("keeps apart what is not in it", () => {
    store.append(bytes(2, 1));
    store.fold(bytes(3, 3), HOLDINGS, [bytes(2, 1)]);
    expect(rowsOf("set_aside")).toBe(1);
  });

  it("keeps the newest of that alone, for there may come more without end", () => {
    const { setAsideRows } = EDITOR_BOUNDS;
    for (let at = 0; at < setAsideRows; at += 16) {
      store.append(bytes(2, 1));
      store.fold(
        bytes(3, 3),
        HOLDINGS,
        Array.from({ length: 20 }, () => bytes(2, 1)),
      );
    }
    expect(rowsOf("set_aside")).toBe(setAsideRows);
  });
});

it("does not open what newer code has written", () => {
  store.append(bytes(1, 1));
  database.query("INSERT INTO migrations (step) VALUES (1000)");
  expect(open).toThrow(NewerSchemaError);
});
