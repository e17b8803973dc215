import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { placeIn } from "../../../../src/web/editor/writing/cursor-place.ts";

/** A text, and a cursor as another client tells it. */
function written(words: string) {
  const doc = new Y.Doc();
  const text = doc.getText("content");
  text.insert(0, words);
  const at = (index: number) => Y.createRelativePositionFromTypeIndex(text, index);
  const cursor: unknown = JSON.parse(JSON.stringify({ anchor: at(1), head: at(words.length) }));
  return { doc, text, cursor };
}

describe("where somebody's cursor is", () => {
  it("is found in the text, also at its end", () => {
    const { text, cursor } = written("abc");
    text.insert(0, "xx");
    expect([placeIn(text, cursor, "anchor"), placeIn(text, cursor, "head")]).toEqual([3, 5]);
  });

  it.each([
    ["nothing", undefined],
    ["a number", 5],
    ["an end that is none", { head: 5 }],
    ["a text of the client's own invention", { head: { tname: "a".repeat(1_000) } }],
    ["a name that is none", { head: { tname: { toString: "content" } } }],
    ["a letter that there is not", { head: { item: { client: 1, clock: 5 } } }],
    ["a letter of no client", { head: { item: { client: "x", clock: null } } }],
    ["a type that there is not", { head: { type: { client: 1, clock: 5 } } }],
  ])("is nowhere for %s, which leaves nothing behind", (_, cursor) => {
    const { doc, text } = written("abc");
    expect(placeIn(text, cursor, "head")).toBeUndefined();
    expect([...doc.share.keys()]).toEqual(["content"]);
  });
});
