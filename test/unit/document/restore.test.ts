import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { restoreUpdate } from "../../../src/document/restore.ts";
import { checkUpdate } from "../../../src/document/update.ts";
import { contentOf, Editor } from "./support/editor.ts";
import { POISON } from "./support/poison.ts";
import { Random } from "./support/random.ts";

// A failure names it; give it back as SEED to see it again. RUNS=300 is the long one.
const SEED = Number(process.env["SEED"] ?? 20_261_127);
const RUNS = Number(process.env["RUNS"] ?? 5);
const CLIENT = 123_456;

function restored(then: Uint8Array, now: Uint8Array): Uint8Array | undefined {
  const answer = restoreUpdate([then], [now], CLIENT);
  if (answer.kind !== "built") throw new Error(JSON.stringify(answer));
  return answer.value;
}

describe("restoring a version", () => {
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED + run;
    it(`brings back text, maps, arrays and XML for those who are connected and those who join (SEED=${seed})`, () => {
      const random = new Random(seed);
      const editors = [7, 11].map((client) => new Editor(client));
      const [one, two] = editors as [Editor, Editor];
      const edit = (count: number) => {
        for (let step = 0; step < count; step++) {
          const editor = random.pick(editors);
          editor.edit(random);
          for (const update of editor.said.splice(0))
            for (const other of editors) if (other !== editor) other.hear(update);
        }
      };
      edit(30);
      const then = Y.encodeStateAsUpdate(one.doc);
      const before = contentOf(one.doc);
      edit(30);
      const now = Y.encodeStateAsUpdate(two.doc);
      const update = restored(then, now);
      if (update === undefined) throw new Error("thirty edits changed nothing");
      expect(checkUpdate(update)).toMatchObject({ ok: true });
      const joiner = new Y.Doc();
      for (const part of [now, update]) Y.applyUpdate(joiner, part);
      one.hear(update);
      expect(contentOf(joiner)).toEqual(before);
      expect(contentOf(one.doc)).toEqual(before);
    });
  }

  it("keeps what is written at the same time", () => {
    const editor = new Editor(7);
    const text = editor.doc.getText("text");
    text.insert(0, "old");
    const then = Y.encodeStateAsUpdate(editor.doc);
    text.insert(3, " new");
    const now = Y.encodeStateAsUpdate(editor.doc);
    text.insert(0, "meanwhile ");
    const update = restored(then, now);
    if (update) editor.hear(update);
    expect(text.toString()).toBe("meanwhile old");
  });

  it("is no change where nothing changed", () => {
    const editor = new Editor(7);
    editor.doc.getText("text").insert(0, "old");
    const state = Y.encodeStateAsUpdate(editor.doc);
    expect(restored(state, state)).toBeUndefined();
  });

  it("says that it is too large, or broken, and throws nothing", () => {
    expect(restoreUpdate([new Uint8Array(60)], [new Uint8Array(60)], CLIENT, 100)).toEqual({
      kind: "too_large",
      bytes: 120,
    });
    expect(restoreUpdate([], [POISON], CLIENT)).toMatchObject({ kind: "broken" });
  });
});
