import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { Unsaved } from "../../../src/client/unsaved.ts";

/** A document whose changes are noted, each with the update that tells of it. */
function noted() {
  const doc = new Y.Doc();
  const unsaved = new Unsaved();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array, _origin: unknown, _doc: Y.Doc, change: Y.Transaction) => {
    unsaved.add(change);
    updates.push(update);
  });
  return { doc, unsaved, updates, text: doc.getText() };
}

describe("what is unsaved", () => {
  it("is so until all of it was told, however that is cut into pieces", () => {
    const step = fc.record({ at: fc.nat(1_000), deletes: fc.boolean(), pieces: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const { unsaved, updates, text } = noted();
        const waiting: Uint8Array[] = [];
        for (const { at, deletes, pieces } of steps) {
          const place = text.length === 0 ? 0 : at % text.length;
          if (deletes && text.length > 0) text.delete(place, Math.min(3, text.length - place));
          else text.insert(place, "abcde");
          waiting.push(...updates.splice(0));
          const told = waiting.splice(0, pieces);
          if (told.length > 0) unsaved.stored(Y.mergeUpdates(told));
          expect(unsaved.isEmpty).toBe(waiting.length === 0);
        }
        for (const update of waiting) unsaved.stored(update);
        expect(unsaved.isEmpty).toBe(true);
      }),
    );
  });

  it("is less by what a state vector says, but for deletions", () => {
    const { doc, unsaved, text } = noted();
    text.insert(0, "abc");
    unsaved.has(Y.encodeStateVector(doc));
    expect(unsaved.isEmpty).toBe(true);
    text.delete(1, 1);
    unsaved.has(Y.encodeStateVector(doc));
    expect(unsaved.isEmpty).toBe(false);
  });

  it("is less by a receipt, of deletions that were made before it was asked for", () => {
    const { doc, unsaved, text } = noted();
    text.insert(0, "abc");
    unsaved.has(Y.encodeStateVector(doc));
    text.delete(2, 1);
    unsaved.asked();
    text.delete(0, 1);
    unsaved.receipt();
    expect(unsaved.isEmpty).toBe(false);
    unsaved.asked();
    unsaved.receipt();
    expect(unsaved.isEmpty).toBe(true);
  });

  it("is not what was deleted elsewhere, where that can be asked of nobody", () => {
    const { doc, unsaved, text } = noted();
    const other = new Y.Doc();
    other.getText().insert(0, "abc");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    unsaved.has(Y.encodeStateVector(doc));
    const deleteElsewhere = () => {
      other.getText().delete(0, 1);
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    };
    deleteElsewhere();
    expect(unsaved.isEmpty).toBe(false);
    unsaved.trust(true);
    expect(unsaved.isEmpty).toBe(true);
    deleteElsewhere();
    expect(unsaved.isEmpty).toBe(true);
    text.delete(0, 1);
    expect(unsaved.isEmpty).toBe(false);
  });

  it("takes no receipt for what is inserted", () => {
    const { unsaved, text } = noted();
    text.insert(0, "abc");
    unsaved.asked();
    unsaved.receipt();
    expect(unsaved.isEmpty).toBe(false);
  });

  it("counts no more than a thousand deletions one by one", () => {
    const { doc, unsaved, text, updates } = noted();
    text.insert(0, "x".repeat(5_000));
    unsaved.has(Y.encodeStateVector(doc));
    updates.length = 0;
    for (let at = 0; at < 1_500; at += 1) text.delete(at, 1);
    unsaved.stored(Y.mergeUpdates(updates));
    expect(unsaved.isEmpty).toBe(false);
    unsaved.asked();
    unsaved.receipt();
    expect(unsaved.isEmpty).toBe(true);
  });

  it("is told of what was awaited, and of nothing else", () => {
    const { unsaved, text, updates } = noted();
    const { text: other, updates: others } = noted();
    other.insert(0, "of another");
    text.insert(0, "mine");
    expect(unsaved.stored(others[0] ?? new Uint8Array())).toBe(false);
    expect(unsaved.stored(updates[0] ?? new Uint8Array())).toBe(true);
    expect(unsaved.stored(updates[0] ?? new Uint8Array())).toBe(false);
  });
});
