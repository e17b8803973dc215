import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockEditor } from "./support/editor.ts";
import { RawEditor } from "./support/raw-editor.ts";
import { until } from "./support/until.ts";

/** workerd lets an object sleep that nothing came to for 10 s; a stock client speaks again after 15 s. */
const SILENT_MS = 14_000;

let server: BareServer;
beforeAll(async () => {
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "sleepy-worker.ts"));
  server = await BareServer.start({}, { bundle, documents: true });
});
afterAll(() => server.stop());

const stocks: StockEditor[] = [];
const raws: RawEditor[] = [];
afterEach(() => {
  for (const editor of stocks.splice(0)) editor.stop();
  for (const editor of raws.splice(0)) editor.die();
});

function stock(document: string, userId: string): StockEditor {
  const editor = new StockEditor(server.port, document, userId);
  stocks.push(editor);
  return editor;
}

function raw(document: string, userId: string): RawEditor {
  const editor = new RawEditor(server.port, document, userId);
  raws.push(editor);
  return editor;
}

/** How often the platform has made an object of a document. */
const made = (document: string) => server.output.split(`[made document:${document}]`).length - 1;

it("sleeps with its sockets open, and a joiner sees the text and both cursors; of a socket that dies the cursor alone goes (P17.6)", async () => {
  const ada = stock("sleeper", "ada");
  const ben = raw("sleeper", "ben");
  ada.type("before the sleep");
  await until(() => ben.doc.getText("text").length > 0);
  ben.show("ben");
  await until(
    () => `${ada.present}` === "ben",
    () => ada.present,
  );
  // Its next word is due a quarter of a minute from here.
  ada.show("ada");
  await until(() => ben.shown.has(ada.doc.clientID));
  expect(made("sleeper")).toBe(1);
  await pause(SILENT_MS);
  const eve = stock("sleeper", "eve");
  await until(
    () => eve.isSynced && eve.present.length === 2,
    () => eve.present,
  );
  expect([made("sleeper"), eve.text.toString(), `${eve.present}`]).toEqual([
    2,
    "before the sleep",
    "ada,ben",
  ]);
  expect([ada.closes, ben.isOpen]).toEqual([[], true]);
  ben.die();
  await until(
    () => `${eve.present}` === "ada" && `${ada.present}` === "ada",
    () => eve.present,
  );
  ada.type(", and after it");
  await until(() => eve.text.toString() === "before the sleep, and after it");
});

it("is woken by a socket that dies while it sleeps, and takes that one's cursor away from those who slept (P17.6)", async () => {
  const [ada, ben] = [raw("woken", "ada"), raw("woken", "ben")];
  await until(() => ada.isOpen && ben.isOpen);
  ada.show("ada");
  ben.show("ben");
  const bens = ben.doc.clientID;
  await until(() => ada.shown.has(bens) && ben.shown.has(ada.doc.clientID));
  await pause(SILENT_MS);
  expect(made("woken")).toBe(1);
  ben.die();
  await until(() => ada.shown.get(bens) === null);
  expect(made("woken")).toBe(2);
  const eve = stock("woken", "eve");
  await until(
    () => `${eve.present}` === "ada",
    () => eve.present,
  );
});
