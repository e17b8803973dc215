import { expect, it } from "vitest";
import * as Y from "yjs";
import { guardUpdates } from "../../../../src/web/editor/update-guard.ts";

/** A copy whose database is gone, and what others are told of its document. */
function brokenCopy() {
  const doc = new Y.Doc();
  const _storeUpdate = (): void => {
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  };
  doc.on("update", _storeUpdate);
  return { doc, _storeUpdate };
}

it("lets a copy fail by itself, and all else that is told of a document go on", () => {
  const copy = brokenCopy();
  const told: string[] = [];
  guardUpdates(copy, () => told.push("failed"));
  copy.doc.on("update", () => told.push("sent"));
  const text = copy.doc.getText();
  text.insert(0, "a");
  text.insert(1, "b");
  expect(told).toEqual(["failed", "sent", "failed", "sent"]);
  copy.doc.off("update", copy._storeUpdate);
  text.insert(2, "c");
  expect(told.slice(4)).toEqual(["sent"]);
});

it("is needed: without it nothing is told any more, for good", () => {
  const { doc, _storeUpdate } = brokenCopy();
  const told: string[] = [];
  doc.on("update", () => told.push("sent"));
  expect(() => doc.getText().insert(0, "a")).toThrow("closing");
  doc.off("update", _storeUpdate);
  doc.getText().insert(1, "b");
  expect(told).toEqual([]);
});
