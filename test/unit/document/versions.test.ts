import { beforeEach, describe, expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { KeptDocument } from "../../../src/document/kept-document.ts";
import type { Kept } from "../../../src/document/versions.ts";
import { DEFAULT_DOCUMENT_LIMITS } from "../../../src/protocol/settings.ts";
import { VERSION_BOUNDS } from "../../../src/protocol/version-limits.ts";
import { SqlDocumentStore } from "../../../src/storage/sql-document-store.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";
import { T0, textOf } from "./support/document-scene.ts";

const { each, eachBytes, automaticMs } = VERSION_BOUNDS;
const EVER = Number.MAX_SAFE_INTEGER;

let database: NodeDatabase;
let store: SqlDocumentStore;
let kept: KeptDocument;
let editor: Doc;

beforeEach(() => {
  database = new NodeDatabase();
  store = new SqlDocumentStore(database, "document:notes");
  kept = new KeptDocument(store, DEFAULT_DOCUMENT_LIMITS, (where, error) => {
    throw new Error(`${where}: ${error}`);
  });
  editor = new Doc();
});

function type(text: string): void {
  editor.getText("text").insert(editor.getText("text").length, text);
  kept.offer(encodeStateAsUpdate(editor));
  kept.commit(T0);
}

const keep = (label?: string, at = T0) =>
  kept.keepVersion({ by: "ada", label, cause: "asked" }, at);
const ids = () => kept.versions.page(EVER, 1_000).versions.map(({ id }) => id);

function idOf(made: Kept): number {
  if (!made.ok) throw new Error(made.error.message);
  return made.version.id;
}

function rowsOf(table: string): number {
  return Number([...database.query(`SELECT COUNT(*) AS n FROM ${table}`)][0]?.["n"]);
}

describe("a version that somebody asks for", () => {
  it("is the document as it was, and told in pages, also by the next life", () => {
    type("one");
    const first = idOf(keep("First"));
    type(" two");
    keep();
    const next = new KeptDocument(
      new SqlDocumentStore(database, "document:notes"),
      DEFAULT_DOCUMENT_LIMITS,
      () => {},
    );
    for (const one of [kept, next]) {
      expect(one.versions.page(EVER, 1)).toMatchObject({ versions: [{ id: 2 }], hasMore: true });
      expect(one.versions.page(2, 1)).toMatchObject({
        versions: [{ id: first, at: T0, by: "ada", label: "First" }],
        hasMore: false,
      });
      expect(textOf(one.versions.read(first) ?? Uint8Array.of())).toBe("one");
    }
  });

  it("goes when it is the oldest of too many without a label, and its rows with it", () => {
    type("text");
    const labelled = idOf(keep("stays"));
    for (let made = 0; made < each + 5; made++) keep();
    expect(ids()).toHaveLength(each + 1);
    expect(ids().at(-1)).toBe(labelled);
    expect(ids().at(-2)).toBe(labelled + 6);
    expect([rowsOf("versions"), rowsOf("version_parts")]).toEqual([each + 1, each + 1]);
  });

  it("is refused with a label when there are too many, until one is taken off", () => {
    type("text");
    for (let made = 0; made < each; made++) idOf(keep(`label ${made}`));
    const plain = idOf(keep());
    for (const refused of [keep("more"), kept.versions.label(plain, "more")]) {
      expect(refused).toMatchObject({ ok: false, error: { code: "too_large" } });
    }
    kept.versions.label(1, undefined);
    expect(kept.versions.label(plain, "more").ok).toBe(true);
    expect(kept.versions.label(999, "none")).toMatchObject({ error: { code: "not_found" } });
  });

  it("counts by its size as well", () => {
    type("text");
    const size = Math.floor(eachBytes / 2.5);
    const large = { byteLength: size } as Uint8Array;
    const versions = kept.versions;
    Object.assign(store.versions, { add: oneByte(store) });
    for (let made = 0; made < 3; made++)
      versions.add({ by: "ada", label: undefined, cause: "asked" }, large, 1, T0);
    expect(ids()).toEqual([3, 2]);
  });
});

/** Keeps what it is told of a version, and one byte of it: the test has no room for more. */
function oneByte(of: SqlDocumentStore) {
  const add = of.versions.add.bind(of.versions);
  return (...[version, , gone]: Parameters<typeof add>) => add(version, Uint8Array.of(0), gone);
}

describe("a version that comes by itself", () => {
  it("comes with a fold, at most once an hour, and only of what is new", () => {
    const fold = (at: number) => kept.fold(at);
    type("one");
    fold(T0);
    expect(ids()).toEqual([1]);
    type(" two");
    fold(T0 + automaticMs - 1);
    expect(ids()).toEqual([1]);
    type(" three");
    fold(T0 + automaticMs);
    expect(ids()).toEqual([2, 1]);
    expect(textOf(kept.versions.read(2) ?? Uint8Array.of())).toBe("one two three");
    fold(T0 + 2 * automaticMs);
    expect(ids()).toEqual([2, 1]);
    expect(kept.versions.page(EVER, 1).versions[0]).toMatchObject({ by: "system" });
  });

  it("is not pushed out by those that somebody asks for", () => {
    type("one");
    kept.fold(T0);
    type(" two");
    for (let made = 0; made < each + 5; made++) keep();
    expect(ids().at(-1)).toBe(1);
  });
});

it("keeps nothing of a document that was erased", () => {
  type("one");
  keep("First");
  kept.restart(new SqlDocumentStore(new NodeDatabase(), "document:notes"));
  expect(ids()).toEqual([]);
  expect(kept.isWritten).toBe(false);
});
