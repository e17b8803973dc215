import { afterEach, expect, it } from "vitest";
import * as Y from "yjs";
import { writeSyncStep1, writeSyncStep2 } from "../../../src/client/document-wire.ts";
import { documentScene, endScenes, openDocumentScene, write } from "./support/document-scene.ts";
import { settle } from "./support/manual-clock.ts";

afterEach(endScenes);

const DENIAL = "access_denied: You may read this document, and not change it.";

/** A document with a text of which something was deleted. */
function withDeletion(): Y.Doc {
  const doc = new Y.Doc();
  doc.getText().insert(0, "kept");
  doc.getText().delete(0, 1);
  return doc;
}

it("lets whoever may write again do so, without another connection (P17.17)", async () => {
  const made = await openDocumentScene();
  const { clock, network, server, document } = made;
  server.isStoring = false;
  server.deny(DENIAL);
  write(made);
  await clock.advance(20);
  network.wake("visible");
  await settle();
  expect([document.readOnly, document.saved]).toEqual([true, false]);
  server.isStoring = true;
  server.say(writeSyncStep1(Y.encodeStateVector(server.doc)));
  await settle();
  expect([document.readOnly, document.saved]).toEqual([false, true]);
  expect([server.doc.getText().toString(), network.sockets.length]).toEqual(["x", 1]);
});

it("is not in step before it knows whether it may write (P17.7)", async () => {
  const { network, server, document } = await documentScene();
  server.isThere = false;
  network.socket.open();
  server.deny(DENIAL);
  server.say(writeSyncStep2(Y.encodeStateAsUpdate(server.doc)));
  expect([document.synced, document.readOnly]).toEqual([false, false]);
  server.say(writeSyncStep1(Y.encodeStateVector(server.doc)));
  expect([document.synced, document.readOnly]).toEqual([true, true]);
});

it("has all saved of whoever may only read and brings what the server has, till they change it", async () => {
  const doc = withDeletion();
  const { clock, network, server, document } = await documentScene({ doc });
  Y.applyUpdate(server.doc, Y.encodeStateAsUpdate(doc));
  server.isTelling = false;
  network.socket.open();
  server.deny(DENIAL);
  await settle();
  expect([document.readOnly, document.saved]).toEqual([true, true]);
  server.isStoring = false;
  doc.getText().delete(0, 1);
  await clock.advance(20_000);
  expect([document.saved, server.count("sync_step_1")]).toEqual([false, 1]);
});

it("takes no receipt for what was dropped", async () => {
  const made = await openDocumentScene();
  const { clock, server, document } = made;
  write(made, "abc");
  await clock.advance(20);
  server.isThere = false;
  document.doc.getText().delete(0, 2);
  await clock.advance(3_000);
  expect(server.count("sync_step_1")).toBe(2);
  server.deny(DENIAL);
  server.say(writeSyncStep2(Y.encodeStateAsUpdate(new Y.Doc())));
  expect([document.readOnly, document.saved]).toEqual([true, false]);
});

it("tells that a cursor is too large for the others to see", async () => {
  const { server, document } = await openDocumentScene();
  const codes: string[] = [];
  document.on("error", ({ code }) => codes.push(code));
  server.deny("too_large: Others do not see all of your cursor.");
  expect([codes, document.status]).toEqual([["too_large"], "open"]);
});

it("asks nothing more when it is closed while it is told that one may only read", async () => {
  const made = await documentScene({ doc: withDeletion() });
  made.document.on("readOnly", () => void made.client.close());
  made.server.isStoring = false;
  made.network.socket.open();
  made.server.deny(DENIAL);
  await settle();
  expect(made.document.status).toBe("closed");
  await made.clock.advance(2_000);
  expect(made.clock.pending).toBe(0);
});
