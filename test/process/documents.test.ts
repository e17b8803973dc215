import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { type EditorOptions, type Stock, StockEditor } from "./support/editor.ts";
import { until } from "./support/until.ts";

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({}, { documents: true });
});
afterAll(() => server.stop());

const editors: StockEditor[] = [];
afterEach(() => {
  for (const editor of editors.splice(0)) editor.stop();
});

function edit(document: string, userId: string, options: EditorOptions = {}): StockEditor {
  const editor = new StockEditor(server.port, document, userId, options);
  editors.push(editor);
  return editor;
}

const texts = () => editors.map(({ text }) => text.toString());
const areOne = () => new Set(texts()).size === 1;
const areSynced = () => editors.every(({ isSynced }) => isSynced);
const READ = { rooms: { "document:*": ["read"] } };

describe.each<Stock>([2, 3])("the stock client of y-websocket %i", (stock) => {
  it("converges, and keeps what was written offline and over a SIGKILL (P17.1, P17.3)", async () => {
    const document = `two-${stock}`;
    const ada = edit(document, "ada", { stock });
    const ben = edit(document, "ben", { stock, byProtocol: true });
    await until(areSynced);
    ada.type("hello ");
    await until(() => ben.text.toString() === "hello ");
    ben.type("world");
    await until(() => ada.text.toString() === "hello world");
    ada.leave();
    ben.leave();
    ada.type(" from ada");
    ben.type(" from ben");
    await server.kill();
    await server.up();
    ada.provider.connect();
    ben.provider.connect();
    await until(() => areOne() && ada.text.length === 29, texts);
    const eve = edit(document, "eve", { stock });
    await until(() => eve.isSynced);
    expect(eve.text.toString()).toBe(ada.text.toString());
  });

  it("shows others' cursors, also to whoever joins, and takes those of the gone away (P17.6)", async () => {
    const document = `cursors-${stock}`;
    const ada = edit(document, "ada", { stock });
    const ben = edit(document, "ben", { stock, claims: READ });
    ada.show("Ada");
    ben.show("Ben");
    await until(() => `${ada.present}${ben.present}` === "Ada,BenAda,Ben");
    const eve = edit(document, "eve", { stock });
    await until(() => `${eve.present}` === "Ada,Ben");
    ben.leave();
    await until(
      () => `${eve.present}${ada.present}` === "AdaAda",
      () => eve.present,
      1_000,
    );
    ben.provider.connect();
    // By itself it would be a quarter of a minute.
    await until(
      () => `${eve.present}` === "Ada,Ben",
      () => eve.present,
      1_000,
    );
  });

  it("reads what it may not change: others never see its changes, and it is told once (P17.7)", async () => {
    const document = `read-only-${stock}`;
    const ada = edit(document, "ada", { stock });
    ada.type("good");
    const eve = edit(document, "eve", { stock, claims: READ });
    await until(() => eve.text.toString() === "good");
    eve.type("EVIL");
    eve.type("EVIL");
    ada.type(" day");
    await until(() => eve.text.toString().includes(" day"));
    const ben = edit(document, "ben", { stock });
    await until(() => ben.isSynced);
    expect(ben.text.toString()).toBe("good day");
    expect(ada.text.toString()).toBe("good day");
    expect(eve.denials.length).toBe(1);
    expect(eve.isSynced).toBe(true);
  });

  it("takes a paste of 3 MB", async () => {
    const document = `paste-${stock}`;
    const ada = edit(document, "ada", { stock });
    const ben = edit(document, "ben", { stock });
    await until(areSynced);
    ada.type("x".repeat(3_000_000));
    await until(() => ben.text.length === 3_000_000);
    const eve = edit(document, "eve", { stock });
    await until(() => eve.text.length === 3_000_000);
  });
});

it("has twenty converge who type at once and come back from offline", async () => {
  const document = "twenty";
  for (let at = 0; at < 20; at++) {
    edit(document, `user-${at}`, { stock: at % 2 === 0 ? 2 : 3 }).show(`User ${at}`);
  }
  await until(areSynced);
  for (let round = 0; round < 10; round++) {
    for (const [at, editor] of editors.entries()) {
      editor.text.insert(Math.floor(editor.text.length / 2), String.fromCharCode(97 + at));
      if (round === 4 && at % 3 === 0) editor.leave();
      if (round === 8 && at % 3 === 0) editor.provider.connect();
    }
    await pause(50);
  }
  await until(() => areOne() && editors[0]?.text.length === 200, texts);
  await until(() => editors.every(({ present }) => present.length === 20));
});

describe("closes", () => {
  const expired = tokenFor("ada", SECRETS.AUTH_SECRET, { exp: 1 });
  it.each<[string, EditorOptions, string, number]>([
    ["a token that has ended", { token: expired }, "any", 4401],
    ["no token of ours", { token: "rubbish" }, "any", 4401],
    ["no grant", { claims: { rooms: { "team-*": ["read"] } } }, "any", 4403],
    ["a grant without read", { claims: { rooms: { "*": ["publish"] } } }, "any", 4403],
    ["a name that is none", {}, "a b", 4400],
  ])("are final for %s (P17.9)", async (_, options, document, code) => {
    const ada = edit(document, "ada", options);
    await until(() => ada.closes.length > 0);
    expect(ada.closes[0]?.code).toBe(code);
    expect(ada.denials.length).toBe(1);
    await pause(1_500);
    expect(ada.closes.length).toBe(1);
  });

  it("are told a second before, which keeps clients that know no codes from a tight loop (P17.9)", async () => {
    const ada = edit("any", "ada", { stock: 2, token: expired });
    const from = performance.now();
    await until(() => ada.closes.length > 1);
    expect(performance.now() - from).toBeGreaterThan(2_000);
  });
});

it("sends a frame that is too large away for good, and not again and again (P17.9)", async () => {
  const ada = edit("too-large", "ada");
  await until(() => ada.isSynced);
  ada.type("x".repeat(5_000_000));
  await until(() => ada.closes.length > 0);
  expect(ada.closes[0]?.code).toBe(4413);
});

it("compresses each frame by itself, where a client compresses at all", async () => {
  const ada = edit("compressed", "ada");
  const ben = edit("compressed", "ben");
  await until(areSynced);
  expect(ada.provider.ws?.extensions).toContain("permessage-deflate; server_no_context_takeover");
  for (let at = 0; at < 3; at++) ada.type("the same text, and the same text ".repeat(1_000));
  await until(() => areOne() && ben.text.length > 0);
});

it("has whoever says too much come back, and loses nothing of it (P17.8)", async () => {
  const slow = await BareServer.start(
    { LIMIT_DOCUMENT_BYTES_PER_SECOND: "200000", LIMIT_DOCUMENT_FRAME_BYTES: "65536" },
    { documents: true },
  );
  const ada = new StockEditor(slow.port, "much", "ada");
  await until(() => ada.isSynced);
  for (let at = 0; at < 5_000; at++) ada.type("0123456789");
  await until(() => ada.closes.length > 0);
  expect(ada.closes[0]?.code).toBe(1013);
  const doc = new Y.Doc();
  const ben = new StockEditor(slow.port, "much", "ben", { doc });
  await until(
    () => ben.text.length === 50_000,
    () => ben.text.length,
  );
  ada.stop();
  ben.stop();
  await slow.stop();
});
