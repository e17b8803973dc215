import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import * as Y from "yjs";
import { writeSyncStep1 } from "../../src/document/wire.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { DeafSocket } from "./support/deaf-socket.ts";
import { StockEditor } from "./support/editor.ts";
import { until } from "./support/until.ts";

/** What a document may cost whatever its editors do to it: an object has no more (FAULTS K4). */
const ALLOWED_MB = 128;
const DOCUMENT = "heavy";
const DEAF = 20;
/** Of each of some texts, which make a document of 8 MB. */
const TEXT_CHARS = 2_000_000;
const TEXTS = 4;
/** Those who have not shown that they read for half a minute make way, and this is twice that. */
const WATCHED_MS = 66_000;
/** All of them are of one address, and whoever reads is of another. */
const ELSEWHERE = ["CF-Connecting-IP: 198.51.100.7"];
const EMPTY_VECTOR = Uint8Array.of(0);

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({}, { documents: true, limits: "default" });
  for (let at = 0; at < TEXTS; at++) await put(textUpdate(`text-${at}`));
});
afterAll(() => server.stop());

const editors: StockEditor[] = [];
afterEach(() => {
  for (const editor of editors.splice(0)) editor.stop();
});

it(`is bounded where ${DEAF} editors ask for a large document and read nothing, and one who reads has it`, async () => {
  // A server at work has a heap, whoever reads.
  const ada = edit("ada");
  await until(() => ada.isSynced);
  ada.stop();
  const before = server.usage().rssBytes;
  server.forgetPeak();
  const deaf = Array.from({ length: DEAF }, (_, at) =>
    DeafSocket.webSocket(
      server.port,
      `/v1/documents/${DOCUMENT}`,
      `deaf-${at}`,
      "plain",
      ELSEWHERE,
    ),
  );
  await pause(1_000);
  for (const socket of deaf) socket.say(writeSyncStep1(EMPTY_VECTOR));
  await pause(WATCHED_MS);
  const ben = edit("ben");
  const asked = performance.now();
  await until(() => ben.isSynced);
  const waitedMs = Math.round(performance.now() - asked);
  const grownMb = Math.round((server.peakBytes - before) / 1e6);
  console.log(JSON.stringify({ test: "document-memory", deaf: DEAF, grownMb, waitedMs }));
  for (const socket of deaf) socket.close();
  expect(ben.doc.getText("text-0").length).toBe(TEXT_CHARS);
  expect(server.isAlive).toBe(true);
  expect(grownMb).toBeLessThan(ALLOWED_MB);
});

function edit(userId: string): StockEditor {
  const editor = new StockEditor(server.port, DOCUMENT, userId);
  editors.push(editor);
  return editor;
}

function textUpdate(root: string): Uint8Array<ArrayBuffer> {
  const doc = new Y.Doc();
  doc.getText(root).insert(0, "x".repeat(TEXT_CHARS));
  return new Uint8Array(Y.encodeStateAsUpdate(doc));
}

async function put(update: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${server.url}/v1/documents/${DOCUMENT}`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}` },
    body: update,
  });
  expect(response.status).toBe(204);
}
