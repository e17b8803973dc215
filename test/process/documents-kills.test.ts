import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockEditor } from "./support/editor.ts";
import { until } from "./support/until.ts";

const KILLS = 20;
const PASTE = "p".repeat(300_000);

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({}, { documents: true });
});
afterAll(() => server.stop());

const editors: StockEditor[] = [];
afterEach(() => {
  for (const editor of editors.splice(0)) editor.stop();
});

function edit(document: string, userId: string): StockEditor {
  const editor = new StockEditor(server.port, document, userId);
  editors.push(editor);
  return editor;
}

it("loses nothing that anybody saw over 20 SIGKILLs while two type, also during a compaction (P17.3)", async () => {
  const document = "killed";
  const seed = Date.now() % 100_000;
  console.log(`documents-kills: seed ${seed}`);
  const ada = edit(document, "ada");
  const ben = edit(document, "ben");
  // Both write behind it: beside a paste at the very beginning, what another wrote into an empty document
  // may stand before it, and is taken away in its place.
  ada.type("|");
  await until(() => ben.text.length === 1);
  let typed = 0;
  let lost = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await until(() => ada.isSynced && ben.isSynced);
    for (let step = 0; step < 20 + ((seed + kill * 7) % 30); step++) {
      ada.type(`a${typed}.`);
      ben.type(`b${typed}.`);
      // Three or four of them are beyond the bound of the tail: some kills meet a compaction.
      if (step % 4 === 0) ben.text.insert(0, PASTE);
      if (step % 4 === 1) ben.text.delete(0, PASTE.length);
      typed += 1;
      await pause(5);
    }
    await server.kill();
    // What each saw that the other had written; neither may bring it back before it is looked for.
    const seen = [...marks("a", ben), ...marks("b", ada)];
    for (const editor of editors) editor.leave();
    await server.up();
    const eve = new StockEditor(server.port, document, "eve");
    await until(() => eve.isSynced);
    const there = new Set([...marks("a", eve), ...marks("b", eve)]);
    lost += seen.filter((mark) => !there.has(mark)).length;
    eve.stop();
    for (const editor of editors) editor.provider.connect();
  }
  await until(() => ada.text.toString() === ben.text.toString());
  // And what nobody saw: its writer said it again.
  lost += typed * 2 - marks("a", ada).length - marks("b", ada).length;
  console.log(JSON.stringify({ test: "documents-kills", seed, kills: KILLS, typed, lost }));
  expect(lost).toBe(0);
});

function marks(writer: "a" | "b", { text }: StockEditor): readonly string[] {
  return [...text.toString().matchAll(new RegExp(`${writer}\\d+\\.`, "g"))].map(([mark]) => mark);
}
