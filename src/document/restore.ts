import { applyUpdate, Doc, UndoManager } from "yjs";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import type { Building } from "./building.ts";
import { nestsTooDeep } from "./nesting.ts";

const CHANGES_SINCE = "changes since";

/**
 * An update that brings a document back to what it was, as a change like any other: nothing is taken
 * out of its past, so whoever is connected follows, and what they write at the same time is kept. It
 * undoes all that was done since, on a scratch document that collects nothing.
 *
 * @param then the parts of the old version, `now` those of the document; each the oldest first.
 * @param client whose the change is: an id that no client of the document has.
 * @returns the update; `undefined` when it is already as it was.
 */
export function restoreUpdate(
  then: readonly Uint8Array[],
  now: readonly Uint8Array[],
  client: number,
  builtBytes: number = YJS_BOUNDS.builtBytes,
): Building<Uint8Array | undefined> {
  const bytes = [...then, ...now].reduce((sum, part) => sum + part.length, 0);
  if (bytes > builtBytes) return { kind: "too_large", bytes };
  if (nestsTooDeep([...then, ...now])) return { kind: "broken", reason: "it nests too deeply" };
  const doc = new Doc({ gc: false });
  try {
    for (const part of then) applyUpdate(doc, part);
    return { kind: "built", value: undone(doc, now, client) };
  } catch (error) {
    return { kind: "broken", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    doc.destroy();
  }
}

function undone(doc: Doc, now: readonly Uint8Array[], client: number): Uint8Array | undefined {
  const undo = new UndoManager(doc, { doc, trackedOrigins: new Set([CHANGES_SINCE]) });
  doc.transact(() => {
    for (const part of now) applyUpdate(doc, part);
  }, CHANGES_SINCE);
  doc.clientID = client;
  let update: Uint8Array | undefined;
  doc.on("update", (change: Uint8Array) => {
    update = change;
  });
  undo.undo();
  undo.destroy();
  return update;
}
