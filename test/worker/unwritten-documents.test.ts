import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { writeShown } from "../../src/document/awareness-message.ts";
import { writeAwareness, writeSyncStep1, writeSyncStep2 } from "../../src/document/wire.ts";
import { EditorSocket, EMPTY_VECTOR, name, until } from "./support/editor-socket.ts";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";
import { countWritesIn, NO_TRACES, tracesIn } from "./support/traces.ts";

/** What Yjs says of a document without anything in it. */
const EMPTY_UPDATE = Uint8Array.of(0, 0);

let document: string;
let written: () => number;
beforeEach(async () => {
  document = name();
  written = await countWritesIn(stub());
});

function stub() {
  return env.DOCUMENT.getByName(`document:${document}`);
}

/** Waits until nothing of the document is left, the alarm that its last visitor needed included. */
async function untilNothing(): Promise<void> {
  await vi.waitFor(async () => expect(await tracesIn(stub())).toEqual(NO_TRACES));
  expect(written()).toBe(0);
}

describe("a document that nobody wrote to", () => {
  it.each([
    ["GET", "?as=update", 200],
    ["GET", "?as=json", 200],
    ["GET", "?as=text", 200],
    ["GET", "/versions", 200],
    ["POST", "/versions", 409],
    ["PATCH", "/versions/1", 404],
    ["POST", "/versions/1/restore", 404],
    ["GET", "", 400],
  ])("keeps nothing of being asked: %s %s (%i)", async (method, path, status) => {
    const auth = await tokenFor("ada");
    const body = method === "PATCH" ? { body: { label: "x" } } : {};
    const response = await call(method, `/v1/documents/${document}${path}`, { auth, ...body });
    expect(response.status).toBe(status);
    await response.text();
    await untilNothing();
  });

  it("keeps nothing of a backend that writes nothing, or deletes it", async () => {
    const path = `/v1/documents/${document}`;
    expect((await call("PUT", path, { bytes: EMPTY_UPDATE })).status).toBe(204);
    await untilNothing();
    expect((await call("DELETE", path)).status).toBe(204);
    await untilNothing();
  });

  it("keeps nothing of those who looked in, showed a cursor and left, over a sleep too", async () => {
    const ada = await EditorSocket.open(document, "ada");
    ada.send(writeSyncStep1(EMPTY_VECTOR));
    ada.send(writeSyncStep2(EMPTY_UPDATE));
    ada.send(writeAwareness(writeShown([{ client: 7, clock: 1, state: '{"name":"Ada"}' }])));
    await until(() => ada.shown.has(7));
    await evictDurableObject(stub(), { webSockets: "hibernate" });
    written = await countWritesIn(stub());
    const ben = await EditorSocket.open(document, "ben", false);
    ben.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => ben.shown.has(7));
    expect((await tracesIn(stub())).tables).not.toContain("tail");
    ada.close();
    ben.close();
    await untilNothing();
  });
});
