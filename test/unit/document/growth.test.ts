import { expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import { KeptDocument } from "../../../src/document/kept-document.ts";
import { DEFAULT_DOCUMENT_LIMITS } from "../../../src/protocol/settings.ts";
import { SqlDocumentStore } from "../../../src/storage/sql-document-store.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";
import { tracedUpdates } from "../../bench/load/documents/trace.ts";

/** As many as the "B4" trace of crdt-benchmarks has. */
const EDITS = 259_778;
/** What a writer who replays as fast as it is taken has in one flush. */
const PER_FLUSH = 200;
const T0 = Date.UTC(2026, 0, 1);
/** A fast typist for six hours, so that versions come by themselves as well. */
const EDIT_MS = 83;

// A quarter of a million edits take as long as they take.
const TIMEOUT_MS = 60_000;

it("grows by what is written and not by how often, and writes few rows", {
  timeout: TIMEOUT_MS,
}, () => {
  const { updates, text } = tracedUpdates(EDITS);
  const database = new NodeDatabase();
  const failures: unknown[] = [];
  const store = new SqlDocumentStore(database, "document:trace");
  const document = new KeptDocument(store, DEFAULT_DOCUMENT_LIMITS, (...failure) =>
    failures.push(failure),
  );
  for (const [at, update] of updates.entries()) {
    expect(document.offer(update).kind).toBe("taken");
    if (at % PER_FLUSH < PER_FLUSH - 1 && at < EDITS - 1) continue;
    const now = T0 + at * EDIT_MS;
    document.commit(now);
    if (document.isFoldDue(false)) document.fold(now);
  }
  document.fold(T0 + EDITS * EDIT_MS);
  const copy = new Doc();
  for (const part of document.standing([]).answer(new Map())) applyUpdate(copy, part);
  expect(copy.getText("text").toString()).toBe(text);
  expect(failures).toEqual([]);
  const size = encodeStateAsUpdate(copy).length;
  expect(document.storedBytes).toBeLessThanOrEqual(size * 1.2);
  expect(database.writes / EDITS).toBeLessThanOrEqual(0.01);
});
