import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockEditor } from "./support/editor.ts";
import { builtClient, SdkEditor, type SdkOptions } from "./support/sdk-editor.ts";
import { until } from "./support/until.ts";

let server: BareServer;
beforeAll(async () => {
  await builtClient();
  server = await BareServer.start({}, { documents: true });
});
afterAll(() => server.stop());

const stocks: StockEditor[] = [];
const editors: SdkEditor[] = [];
afterEach(async () => {
  for (const stock of stocks.splice(0)) stock.stop();
  await Promise.all(editors.splice(0).map((editor) => editor.stop()));
});

function stock(document: string, userId: string): StockEditor {
  const editor = new StockEditor(server.port, document, userId);
  stocks.push(editor);
  return editor;
}

async function edit(document: string, userId: string, options?: SdkOptions): Promise<SdkEditor> {
  const editor = await SdkEditor.open(server.url, document, userId, options);
  editors.push(editor);
  return editor;
}

/** Ends a second from now; each is another one. */
function shortToken(userId: string, lifeMs: number): string {
  return tokenFor(userId, SECRETS.AUTH_SECRET, { exp: Math.ceil((Date.now() + lifeMs) / 1_000) });
}

function areOne(length: number): boolean {
  const texts = [...editors, ...stocks].map(({ text }) => text.toString());
  return new Set(texts).size === 1 && texts[0]?.length === length;
}

const texts = () => [...editors, ...stocks].map(({ text }) => text.toString());

it("converges with itself and with the stock client, over offline edits and a SIGKILL", async () => {
  const ada = await edit("one", "ada");
  const ben = await edit("document:one", "ben");
  const eve = stock("one", "eve");
  ada.type("before ");
  await Promise.all([ada.document.whenSynced(), ben.document.whenSynced()]);
  await until(() => areOne(7), texts);
  eve.type("stock ");
  await until(() => areOne(13), texts);
  await server.kill();
  await until(() => ada.document.status === "reconnecting" && !ada.document.synced);
  ada.type("ada offline ");
  ben.type("ben offline ");
  expect([ada.document.saved, ben.document.saved]).toEqual([false, false]);
  await server.up();
  await until(() => areOne(37), texts);
  await Promise.all([ada.document.whenSaved(), ben.document.whenSaved()]);
  expect(ada.document.synced).toBe(true);
});

it("says that a deletion is saved, also one that another had made at the same time", async () => {
  const ada = await edit("deletions", "ada");
  const ben = await edit("deletions", "ben");
  ada.type("0123456789");
  await until(() => areOne(10), texts);
  await ada.document.whenSaved();
  ada.text.delete(2, 3);
  expect(ada.document.saved).toBe(false);
  await ada.document.whenSaved();
  await until(() => areOne(7), texts);
  ada.text.delete(0, 4);
  ben.text.delete(0, 4);
  await Promise.all([ada.document.whenSaved(), ben.document.whenSaved()]);
  await until(() => areOne(3), texts);
});

it("sends what is typed in one go as one frame", async () => {
  const ada = await edit("batch", "ada");
  await ada.document.whenSynced();
  ada.document.awareness.setLocalState(null);
  await pause(100);
  const before = ada.sockets.sent.length;
  for (let at = 0; at < 200; at += 1) ada.type("x");
  await ada.document.whenSaved();
  expect(ada.sockets.sent.slice(before)).toEqual(["0 2"]);
});

it("shares one connection, one Y.Doc and one Awareness between handles, until the last is closed", async () => {
  const ada = await edit("handles", "ada");
  const other = await ada.client.document("document:handles");
  expect(other.doc).toBe(ada.document.doc);
  expect(other.awareness).toBe(ada.document.awareness);
  const refused = ada.client.document("handles", { doc: new Y.Doc() });
  await expect(refused).rejects.toMatchObject({ code: "conflict" });
  await expect(ada.client.document("a b")).rejects.toMatchObject({ code: "invalid_request" });
  await other.whenSynced();
  expect(ada.sockets.opened).toBe(1);
  await ada.document.close();
  expect([ada.document.status, other.status]).toEqual(["closed", "open"]);
  await other.close();
  await until(() => ada.sockets.size === 0);
  await expect(other.whenSynced()).rejects.toMatchObject({ code: "disconnected" });
  await ada.client.close();
  await expect(ada.client.document("handles")).rejects.toMatchObject({ code: "disconnected" });
});

describe("what it shows of its user", () => {
  it("is back within a second of its connection, and others' too", async () => {
    const ada = await edit("presence", "ada");
    const ben = stock("presence", "ben");
    ada.show("Ada");
    ben.show("Ben");
    await until(() => `${ada.present} ${ben.present}` === "Ada,Ben Ada,Ben");
    ada.sockets.cut();
    await until(() => ada.document.status === "reconnecting");
    expect(ada.present).toEqual(["Ada"]);
    await until(() => ada.document.synced);
    await until(
      () => `${ada.present} ${ben.present}` === "Ada,Ben Ada,Ben",
      () => [ada.present, ben.present],
      1_000,
    );
  });

  it("is gone a moment after it closed", async () => {
    const ada = await edit("gone", "ada");
    const ben = stock("gone", "ben");
    ada.show("Ada");
    await until(() => `${ben.present}` === "Ada");
    await ada.document.close();
    await until(
      () => ben.present.length === 0,
      () => ben.present,
      1_000,
    );
  });
});

describe("a token", () => {
  it("is renewed before it ends, and nobody sees it", async () => {
    let asked = 0;
    const token = () => {
      asked += 1;
      return shortToken("ada", 38_000);
    };
    const ada = await edit("renewed", "ada", { token });
    const ben = stock("renewed", "ben");
    ada.show("Ada");
    await until(() => `${ben.present}` === "Ada" && ben.isSynced);
    ada.statuses.length = 0;
    let gone = 0;
    ben.provider.awareness.on("change", ({ removed }: { removed: number[] }) => {
      gone += removed.length;
    });
    let isAlwaysSynced = true;
    ada.document.on("synced", () => {
      isAlwaysSynced = false;
    });
    for (let at = 0; at < 90; at += 1) {
      ada.type(String(at % 10));
      await pause(500);
    }
    await ada.document.whenSaved();
    await until(() => areOne(90), texts);
    expect(asked).toBe(2);
    expect(ada.sockets.opened).toBe(2);
    expect(ada.sockets.size).toBe(1);
    expect(ada.statuses).toEqual([]);
    expect([gone, isAlwaysSynced]).toEqual([0, true]);
  });

  it("that ends all the same is replaced, and the document comes back", async () => {
    const ada = await edit("ended", "ada", { token: () => shortToken("ada", 7_000) });
    await ada.document.whenSynced();
    await until(() => ada.statuses.some(({ status }) => status === "reconnecting"));
    ada.type("late");
    await ada.document.whenSaved();
    expect(ada.document.status).toBe("open");
    expect(ada.statuses.some(({ status }) => status === "closed")).toBe(false);
  });
});

describe("is closed for good, and says why,", () => {
  const ended = tokenFor("ada", SECRETS.AUTH_SECRET, { exp: 1 });
  it.each<[string, SdkOptions, string]>([
    ["with a token that has ended, where there is no other", { token: ended }, "token_expired"],
    ["with no token of ours", { token: "rubbish" }, "unauthorized"],
    ["without a grant", { claims: { rooms: { "team-*": ["read"] } } }, "access_denied"],
    ["with a grant without read", { claims: { rooms: { "*": ["publish"] } } }, "access_denied"],
  ])("%s", async (_, options, code) => {
    const ada = await edit("closes", "ada", options);
    await expect(ada.document.whenSynced()).rejects.toMatchObject({ code });
    expect(ada.document.reason).toMatchObject({ code, message: expect.stringMatching(/\w/) });
    expect(ada.statuses.map(({ status }) => status)).toEqual(["closed"]);
    await pause(1_500);
    expect(ada.sockets.opened).toBe(1);
  });

  it("for a frame that is too large", async () => {
    const ada = await edit("too-large", "ada");
    await ada.document.whenSynced();
    ada.type("x".repeat(5_000_000));
    await expect(ada.document.whenSaved()).rejects.toMatchObject({ code: "too_large" });
    expect(ada.document.saved).toBe(false);
  });

  it("when the document is deleted", async () => {
    const ada = await edit("deleted", "ada");
    ada.type("gone");
    await ada.document.whenSaved();
    const headers = { authorization: `Bearer ${SECRETS.API_KEY}` };
    await fetch(`${server.url}/v1/documents/deleted`, { method: "DELETE", headers });
    await until(() => ada.document.status === "closed");
    expect(ada.document.reason).toMatchObject({ code: "not_found" });
  });
});

it("comes back when it has said too much at once, and loses nothing", async () => {
  const strict = await BareServer.start(
    { LIMIT_DOCUMENT_BYTES_PER_SECOND: "200000", LIMIT_DOCUMENT_FRAME_BYTES: "65536" },
    { documents: true },
  );
  const ada = await SdkEditor.open(strict.url, "much", "ada");
  await ada.document.whenSynced();
  const isBack = () => ada.statuses.some(({ status }) => status === "reconnecting");
  for (let at = 0; at < 100 && !isBack(); at += 1) {
    // Too much together, and little is left of it.
    ada.type("x".repeat(30_000));
    ada.text.delete(1, 29_999);
    await pause(20);
  }
  await until(isBack);
  const said = ada.text.toString();
  await ada.document.whenSaved();
  expect(ada.document.status).toBe("open");
  const ben = await SdkEditor.open(strict.url, "much", "ben");
  await ben.document.whenSynced();
  expect(ben.text.toString()).toBe(said);
  await ben.stop();
  await ada.stop();
  await strict.stop();
});

it("tells at once who may only read, and never calls saved what they type (P17.7)", async () => {
  const ada = await edit("read-only", "ada");
  ada.type("good");
  const claims = { rooms: { "document:*": ["read"] } };
  const eve = await edit("read-only", "eve", { claims });
  await until(() => eve.text.toString() === "good");
  await eve.document.whenSynced();
  expect([eve.document.readOnly, ada.document.readOnly]).toEqual([true, false]);
  eve.type("EVIL");
  await pause(4_000);
  expect([eve.document.saved, eve.document.status, ada.text.toString()]).toEqual([
    false,
    "open",
    "good",
  ]);
});

it("keeps, lists, labels and restores versions", async () => {
  const ada = await edit("versions", "ada");
  ada.type("first");
  await ada.document.whenSaved();
  const { id } = await ada.document.keepVersion("one");
  ada.type(" second");
  await ada.document.whenSaved();
  await ada.document.labelVersion(id, null);
  expect(await ada.document.restoreVersion(id)).toEqual({ changed: true });
  await until(() => ada.text.toString() === "first");
  const { versions, hasMore } = await ada.document.versions({ limit: 10 });
  expect(hasMore).toBe(false);
  expect(versions.map(({ id }) => id)).toContain(id);
  expect(versions.map(({ label }) => label)).toEqual([undefined, undefined]);
  await expect(ada.document.restoreVersion(99)).rejects.toMatchObject({ code: "not_found" });
});
