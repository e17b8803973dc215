import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { compact } from "../../../src/document/compaction.ts";
import { exportJson } from "../../../src/document/export.ts";
import { nestsTooDeep } from "../../../src/document/nesting.ts";
import { findBreaking } from "../../../src/document/quarantine.ts";
import { restoreUpdate } from "../../../src/document/restore.ts";
import { checkUpdate } from "../../../src/document/update.ts";
import { YJS_BOUNDS } from "../../../src/protocol/yjs-limits.ts";

const CLIENT = 5;

/** Arrays within each other, by one client; each an update, which by itself is sound. */
function chain(levels: number): readonly Uint8Array[] {
  const uint = (value: number) => (value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
  return Array.from({ length: levels }, (_, clock) => {
    const parent = clock === 0 ? [1, 1, 0x72] : [0, CLIENT, ...uint(clock - 1)];
    return Uint8Array.from([1, 1, CLIENT, ...uint(clock), 7, ...parent, 0, 0]);
  });
}

describe("shared types within each other", () => {
  const bound = YJS_BOUNDS.nestedTypes;

  it("are built up to the bound", () => {
    expect(nestsTooDeep(chain(bound))).toBe(false);
    expect(compact(chain(bound))).toMatchObject({ kind: "compacted" });
  });

  it("are built neither for a compaction nor for an export nor to restore beyond it", () => {
    const parts = chain(4_000);
    for (const part of parts) expect(checkUpdate(part)).toMatchObject({ ok: true });
    expect(compact(parts)).toMatchObject({ kind: "broken" });
    expect(exportJson(parts)).toMatchObject({ kind: "broken" });
    expect(restoreUpdate([], parts, 9)).toMatchObject({ kind: "broken" });
  });

  it("are seen through in whatever order they come", () => {
    expect(nestsTooDeep([...chain(2_000)].reverse())).toBe(true);
  });

  it("are set aside where they are too deep, and the rest is built", () => {
    const parts = chain(bound + 2);
    const found = findBreaking(undefined, parts) ?? [];
    expect(found.length).toBeGreaterThan(0);
    for (const index of found) expect(index).toBeGreaterThanOrEqual(bound);
    const rest = parts.filter((_, index) => !found.includes(index));
    expect(compact(rest)).toMatchObject({ kind: "compacted" });
  });

  it("may be as many as there are, beside each other", () => {
    const doc = new Y.Doc();
    const rows = Array.from({ length: 3 * bound }, () => Y.Array.from(["a", new Y.Map()]));
    doc.getArray("rows").insert(0, rows);
    doc.getText("text").insert(0, "and a text");
    const parts = [Y.encodeStateAsUpdate(doc)];
    expect(nestsTooDeep(parts)).toBe(false);
  });
});
