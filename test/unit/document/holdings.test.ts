import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { Holdings } from "../../../src/document/holdings.ts";
import { decodeHoldings, encodeHoldings } from "../../../src/document/holdings-codec.ts";
import { missingUpdates } from "../../../src/document/join.ts";
import { checkUpdate } from "../../../src/document/update.ts";
import { YJS_BOUNDS } from "../../../src/protocol/yjs-limits.ts";
import { Editor } from "./support/editor.ts";
import { POISON } from "./support/poison.ts";

/** One letter after another by one client: each an update. */
function letters(count: number, client = 5): readonly Uint8Array[] {
  const editor = new Editor(client);
  const text = editor.doc.getText("text");
  for (let at = 0; at < count; at++) text.insert(at, String(at % 10));
  return editor.said;
}

function at(updates: readonly Uint8Array[], index: number): Uint8Array {
  const update = updates[index];
  if (update === undefined) throw new Error(`there is no update ${index}`);
  return update;
}

function news(holdings: Holdings, update: Uint8Array): Uint8Array {
  const admission = holdings.admit(update);
  if (admission.kind !== "news") throw new Error(JSON.stringify(admission));
  return admission.update;
}

describe("what a document takes of an update", () => {
  it("is an honest one as it is, once", () => {
    const [update] = letters(1);
    const holdings = new Holdings();
    expect(update && holdings.admit(update)).toEqual({ kind: "news", update });
    expect(update && holdings.admit(update)).toEqual({ kind: "known" });
  });

  it("is what is not stored yet, when some of it is", () => {
    const updates = letters(6);
    const holdings = new Holdings();
    news(holdings, Y.mergeUpdates(updates.slice(0, 4)));
    const cut = checkUpdate(news(holdings, Y.mergeUpdates([...updates])));
    expect(cut).toMatchObject({ ok: true, update: { runs: [{ client: 5, from: 4, to: 6 }] } });
  });

  it("is the deletions that are new, of a client that says all of them again", () => {
    const editor = new Editor(5);
    const text = editor.doc.getText("text");
    text.insert(0, "abcdefgh");
    const holdings = new Holdings();
    text.delete(0, 1);
    news(holdings, Y.encodeStateAsUpdate(editor.doc));
    expect(holdings.admit(Y.encodeStateAsUpdate(editor.doc))).toEqual({ kind: "known" });
    text.delete(3, 2);
    const fresh = checkUpdate(news(holdings, Y.encodeStateAsUpdate(editor.doc)));
    expect(fresh).toMatchObject({
      ok: true,
      update: { runs: [], deletes: new Map([[5, [4, 6]]]) },
    });
  });

  it("is nothing of an update that would break a reader, which is told why", () => {
    expect(new Holdings().admit(POISON)).toEqual({
      kind: "refused",
      fault: "an item refers to itself or to a later one",
    });
  });
});

describe("the state vector of what is stored", () => {
  it("does not jump over a gap, and moves past what waited when it is filled", () => {
    const updates = letters(5);
    const holdings = new Holdings();
    for (const index of [0, 3, 4, 2]) {
      news(holdings, at(updates, index));
      expect(holdings.vector).toEqual(new Map([[5, 1]]));
    }
    expect(holdings.waitingBytes).toBeGreaterThan(0);
    news(holdings, at(updates, 1));
    expect(holdings.vector).toEqual(new Map([[5, 5]]));
    expect(holdings.waitingBytes).toBe(0);
  });

  it("is the same after it was kept and taken back, with what waits", () => {
    const updates = letters(9);
    const holdings = new Holdings();
    for (const index of [0, 1, 4, 7]) news(holdings, at(updates, index));
    const again = decodeHoldings(encodeHoldings(holdings));
    expect(again?.parts).toEqual(holdings.parts);
    expect(decodeHoldings(Uint8Array.of(99))).toBeUndefined();
  });
});

describe("what waits on a gap", () => {
  it("is bounded in number, and what needs nothing is taken still", () => {
    const updates = letters(2 * YJS_BOUNDS.waitingUpdates + 10);
    const holdings = new Holdings();
    for (let index = 0; index < YJS_BOUNDS.waitingUpdates; index++)
      news(holdings, at(updates, 2 * index + 2));
    expect(holdings.admit(at(updates, updates.length - 1))).toMatchObject({ kind: "full" });
    expect(holdings.admit(at(updates, 0))).toMatchObject({ kind: "news" });
    expect(holdings.admit(at(letters(1, 6), 0))).toMatchObject({ kind: "news" });
  });

  it("may refer to what another client has yet to bring", () => {
    const [first, second] = [new Editor(5), new Editor(6)];
    first.doc.getText("text").insert(0, "a");
    second.hear(at(first.said, 0));
    second.doc.getText("text").insert(1, "b");
    const holdings = new Holdings();
    news(holdings, at(second.said, 0));
    expect(holdings.waitingBytes).toBeGreaterThan(0);
    news(holdings, at(first.said, 0));
    expect(holdings.waitingBytes).toBe(0);
  });
});

describe("the answer to a joiner's state vector", () => {
  const never = {
    holdings: undefined,
    snapshot: () => {
      throw new Error("it needs no snapshot");
    },
    tail: () => {
      throw new Error("it needs no tail");
    },
  };

  it("reads nothing of the document for a client that lacks no items, and tells it all deletions", () => {
    const editor = new Editor(5);
    editor.doc.getText("text").insert(0, "abc");
    editor.doc.getText("text").delete(1, 1);
    const holdings = new Holdings();
    for (const update of editor.said) news(holdings, update);
    const [answer] = missingUpdates(new Map([[5, 3]]), holdings, never);
    expect(checkUpdate(answer)).toMatchObject({
      update: { runs: [], deletes: new Map([[5, [1, 2]]]) },
    });
  });

  it("does not read the snapshot for a client that has its items, and tells it the rest (P17.2)", () => {
    const [ann, ben] = [new Editor(5), new Editor(6)];
    ann.doc.getText("text").insert(0, "abcdef");
    const holdings = new Holdings();
    for (const update of ann.said.splice(0)) news(holdings, update);
    ben.hear(Y.encodeStateAsUpdate(ann.doc));
    ann.doc.getText("text").delete(1, 1);
    for (const update of ann.said.splice(0)) news(holdings, update);
    const kept = encodeHoldings(holdings);
    ann.doc.getText("text").insert(0, "new ");
    ann.doc.getText("text").delete(7, 2);
    const tail = ann.said.splice(0);
    for (const update of tail) news(holdings, update);
    const stored = { ...never, holdings: kept, tail: () => tail };
    for (const update of missingUpdates(new Map([[5, 6]]), holdings, stored)) ben.hear(update);
    expect(ben.doc.getText("text").toString()).toBe(ann.doc.getText("text").toString());
    const lacking = new Map([[5, 5]]);
    expect(() => missingUpdates(lacking, holdings, stored)).toThrow("it needs no snapshot");
  });

  it("merges small updates of the tail for somebody new, and sends large ones as they lie (P17.2)", () => {
    const editor = new Editor(5);
    const text = editor.doc.getText("text");
    const holdings = new Holdings();
    const sizes = [
      1,
      2,
      YJS_BOUNDS.mergedBytes,
      3,
      4,
      YJS_BOUNDS.mergedBytes,
      YJS_BOUNDS.mergedBytes,
    ];
    for (const size of sizes) text.insert(text.length, "x".repeat(size));
    for (const update of editor.said) news(holdings, update);
    const stored = { holdings: undefined, snapshot: () => undefined, tail: () => editor.said };
    const answer = missingUpdates(new Map(), holdings, stored);
    expect(answer).toHaveLength(5);
    for (const at of [2, 5, 6]) expect(answer).toContain(editor.said[at]);
    const joiner = new Editor(6);
    for (const update of answer) joiner.hear(update);
    expect(joiner.doc.getText("text").length).toBe(text.length);
  });

  it("is an update that changes nothing for an empty document", () => {
    const stored = { holdings: undefined, snapshot: () => undefined, tail: () => [] };
    expect(missingUpdates(new Map(), new Holdings(), stored)).toEqual([Uint8Array.of(0, 0)]);
  });

  it("reads the document again once more was deleted than is remembered", () => {
    const editor = new Editor(5);
    const holdings = new Holdings();
    editor.doc.getText("text").insert(0, "abc");
    news(holdings, at(editor.said, 0));
    const ranges: number[] = [];
    for (let from = 0; ranges.length <= 2 * YJS_BOUNDS.deletedRanges; from += 2)
      ranges.push(from, from + 1);
    holdings.learnDeletes(new Map([[6, ranges]]));
    const stored = { holdings: undefined, snapshot: () => at(editor.said, 0), tail: () => [] };
    expect(missingUpdates(new Map([[5, 2]]), holdings, stored)).toHaveLength(1);
    expect(() => missingUpdates(new Map([[5, 3]]), holdings, never)).toThrow(
      "it needs no snapshot",
    );
    expect(decodeHoldings(encodeHoldings(holdings))?.parts.forgetsDeletes).toBe(true);
  });
});
