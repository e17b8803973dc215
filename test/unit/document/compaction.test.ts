import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { compact } from "../../../src/document/compaction.ts";
import { findBreaking } from "../../../src/document/quarantine.ts";
import { EMPTY_UPDATE, foldUpdates } from "../../../src/document/tail.ts";
import { contentOf, Editor } from "./support/editor.ts";
import { POISON } from "./support/poison.ts";
import { Random } from "./support/random.ts";

// A failure prints it; give it back as SEED to see it again.
const SEED = Number(process.env["SEED"] ?? 20_261_127);

function edits(count: number, client = 5): { editor: Editor; updates: Uint8Array[] } {
  const random = new Random(SEED);
  const editor = new Editor(client);
  while (editor.said.length < count) editor.edit(random);
  return { editor, updates: editor.said.slice(0, count) };
}

function built(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

describe("folding a tail", () => {
  it.each([0, 1, 2, 49, 50, 51, 2_600])("of %i updates gives what they are together", (count) => {
    const { updates } = edits(count);
    const folded = built([foldUpdates(updates)]);
    expect(contentOf(folded), `SEED=${SEED}`).toEqual(contentOf(built(updates)));
  });

  it("of nothing is an update that changes nothing", () => {
    expect(foldUpdates([])).toBe(EMPTY_UPDATE);
  });

  it("gives the bytes that one flat merge gives", () => {
    const { updates } = edits(120);
    expect(foldUpdates(updates)).toEqual(Y.mergeUpdates(updates));
  });
});

describe("a compaction", () => {
  it("keeps the content, and collects what was deleted", () => {
    const { editor, updates } = edits(300);
    const text = editor.doc.getText("text");
    text.delete(0, text.length);
    const compaction = compact(editor.said);
    if (compaction.kind !== "compacted") throw new Error(compaction.kind);
    expect(contentOf(built([compaction.snapshot]))).toEqual(contentOf(editor.doc));
    expect(compaction.snapshot.length).toBeLessThan(foldUpdates(updates).length / 2);
  });

  it("keeps what waits on a gap, items and deletions, until what is missing comes", () => {
    const { editor } = edits(0);
    const text = editor.doc.getText("text");
    text.insert(0, "one ");
    text.insert(4, "two ");
    text.delete(4, 2);
    const [first, second, third] = editor.said;
    if (!first || !second || !third) throw new Error("three updates");
    const waiting = compact([second, third]);
    if (waiting.kind !== "compacted") throw new Error(waiting.kind);
    expect(contentOf(built([waiting.snapshot, first]))).toEqual(contentOf(editor.doc));
  });

  it("says that it will not when the document is too large to be built", () => {
    const { updates } = edits(20);
    expect(compact(updates, 100)).toMatchObject({ kind: "too_large" });
  });

  it("says that a part is broken, and throws nothing", () => {
    const { updates } = edits(3);
    expect(compact([...updates, POISON])).toMatchObject({ kind: "broken" });
  });
});

describe("the search for what breaks a document", () => {
  it.each([[[]], [[0]], [[6]], [[3, 4]], [[0, 2, 9]]])(
    "finds the updates at %j, whatever is beside them",
    (at) => {
      const { updates } = edits(10);
      const tail = updates.map((update, index) => (at.includes(index) ? POISON : update));
      expect(findBreaking(undefined, tail)).toEqual(at);
    },
  );

  it("finds one that waits on a gap, and not the honest one that fills it", () => {
    const honest = new Editor(5);
    const text = honest.doc.getText("t");
    for (const letter of "abc") text.insert(text.length, letter);
    const [first, second, third] = honest.said;
    if (!first || !second || !third) throw new Error("three updates");
    // It refers to itself at clock 1, which is looked at when clock 0 has come.
    const waits = Uint8Array.of(1, 1, 5, 1, 0x84, 5, 1, 1, 0x61, 0);
    expect(findBreaking(undefined, [waits, first, second, third])).toEqual([0]);
  });

  it("gives up on a snapshot that breaks by itself", () => {
    expect(findBreaking(POISON, [])).toBeUndefined();
  });
});
