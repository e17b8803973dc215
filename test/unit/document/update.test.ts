import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { Holdings } from "../../../src/document/holdings.ts";
import { foldUpdates } from "../../../src/document/tail.ts";
import { checkUpdate } from "../../../src/document/update.ts";
import { Editor } from "./support/editor.ts";
import { POISON } from "./support/poison.ts";
import { Random } from "./support/random.ts";

// A failure prints it; give it back as SEED to see it again. RUNS=60000 is the long one.
const SEED = Number(process.env["SEED"] ?? 20_261_127);
const RUNS = Number(process.env["RUNS"] ?? 800);

function throwsOnApply(updates: readonly Uint8Array[]): boolean {
  try {
    const doc = new Y.Doc();
    for (const update of updates) Y.applyUpdate(doc, update);
    return false;
  } catch {
    return true;
  }
}

describe("the check of an update", () => {
  it("takes every update that real editors make, and their merges and states", () => {
    const random = new Random(SEED);
    const editors = [11, 7, 4_000_000_000].map((client) => new Editor(client));
    const all: Uint8Array[] = [];
    for (let step = 0; step < 400; step++) {
      const editor = random.pick(editors);
      editor.edit(random);
      for (const update of editor.said.splice(0)) {
        all.push(update);
        for (const other of editors)
          if (other !== editor && random.next() < 0.9) other.hear(update);
      }
    }
    const states = editors.map(({ doc }) => Y.encodeStateAsUpdate(doc));
    for (const update of [...all, ...states, Y.mergeUpdates(all), Y.mergeUpdates(states)])
      expect(checkUpdate(update), `SEED=${SEED}`).toMatchObject({ ok: true });
  });

  it("refuses an item that refers to itself, which Yjs decodes and cannot apply", () => {
    expect(Y.decodeUpdate(POISON).structs).toHaveLength(1);
    expect(throwsOnApply([POISON])).toBe(true);
    expect(checkUpdate(POISON)).toEqual({
      ok: false,
      fault: "an item refers to itself or to a later one",
    });
  });

  it(`lets nothing through that throws on apply, live or to a joiner, of mutations of honest updates (SEED=${SEED})`, () => {
    const random = new Random(SEED);
    let editors: Editor[] = [];
    let passed = 0;
    let refused = 0;
    for (let run = 0; run < RUNS; run++) {
      // Small documents: each run applies the whole of one.
      if (run % 50 === 0) editors = [11, 7].map((client) => new Editor(client));
      const editor = random.pick(editors);
      const base = Y.encodeStateAsUpdate(editor.doc);
      editor.edit(random);
      const honest = editor.said.splice(0).at(-1);
      if (honest === undefined) continue;
      for (const other of editors) if (other !== editor && random.next() < 0.7) other.hear(honest);
      const update = mutated(honest, random);
      if (!checkUpdate(update).ok) {
        refused++;
        continue;
      }
      passed++;
      // As a document takes them: cut to what is new, for a clock that is said again may say another thing.
      const holdings = new Holdings();
      const told = [base, update, honest].flatMap((said) => {
        const admission = holdings.admit(said);
        return admission.kind === "news" ? [admission.update] : [];
      });
      const hint = `SEED=${SEED}, run ${run}: ${Buffer.from(update).toString("hex")}`;
      expect(throwsOnApply(told), hint).toBe(false);
      expect(throwsOnApply([foldUpdates(told)]), hint).toBe(false);
    }
    expect(passed).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  }, 600_000);
});

function mutated(honest: Uint8Array, random: Random): Uint8Array {
  const bytes = [...honest];
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(bytes.length);
    switch (random.below(4)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 2:
        bytes.splice(at, 1);
        break;
      default:
        bytes.splice(at, 0, random.below(256));
    }
  }
  return Uint8Array.from(bytes);
}
