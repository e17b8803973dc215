import { expect, it } from "vitest";
import { Doc, encodeStateAsUpdate, mergeUpdates } from "yjs";
import { writeUpdate } from "../../../src/document/wire.ts";
import { NO_COUNTS } from "../../../src/metrics/counts.ts";
import { DocumentDesk } from "../../../src/objects/document-desk.ts";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { INNER_VERSION } from "../../../src/protocol/inner-version.ts";
import { DocumentScene } from "../document/support/document-scene.ts";

function deskOf(scene: DocumentScene): DocumentDesk {
  const { live, document } = scene;
  return new DocumentDesk({
    keeping: document,
    live,
    numbers: () => ({ totals: NO_COUNTS, peak: 0 }),
    storedBytes: () => 0,
    store: () => scene.store,
    retry: () => {},
    closed: undefined,
    audited: () => {},
    authorizes: false,
    nudge: () => 0,
    erase: async () => {},
    turn: (work) => {
      const done = work(scene.now);
      queueMicrotask(() => scene.pass(1_000));
      return done;
    },
    written: async () => {},
  });
}

/** Updates of so many clients in one. */
function crowd(count: number): Uint8Array {
  const updates = Array.from({ length: count }, (_, at) => {
    const doc = new Doc();
    doc.clientID = 1 + at;
    doc.getText("other").insert(0, "x");
    return encodeStateAsUpdate(doc);
  });
  while (updates.length > 1) updates.push(mergeUpdates(updates.splice(0, 50)));
  return updates[0] ?? Uint8Array.of(0, 0);
}

it("a restore brings a client of its own, and counts like what a person writes (P17.19)", async () => {
  const scene = new DocumentScene({ bytesPerSecond: 0 });
  const desk = deskOf(scene);
  const ada = scene.join("ada");
  const mallory = scene.join("mallory");
  ada.type("one");
  scene.pass(1_000);
  const user = { userId: "mallory", name: "Mallory", permissions: ["read", "write"] as const };
  const actor = { ...user, version: INNER_VERSION };
  expect((await desk.keepVersion(actor, "one")).ok).toBe(true);
  ada.doc.getText("text").delete(0, 3);
  mallory.raw(writeUpdate(crowd(EDITOR_BOUNDS.newClientsBurst)));
  scene.pass(1);
  scene.live.flush(scene.now);
  const refused = { ok: false, error: { code: "rate_limited" } };
  expect(await desk.restoreVersion(actor, 1)).toMatchObject(refused);
  const backend = { ...actor, backend: true as const };
  expect(await desk.restoreVersion(backend, 1)).toEqual({ ok: true, value: { changed: true } });
  scene.pass(60_000);
  ada.doc.getText("text").delete(0, 3);
  scene.pass(1_000);
  expect(await desk.restoreVersion(actor, 1)).toEqual({ ok: true, value: { changed: true } });
});
