import { afterAll, beforeAll, expect, it } from "vitest";
import { BareServer } from "./support/bare-server.ts";
import { StockEditor } from "./support/editor.ts";
import { builtClient, SdkEditor } from "./support/sdk-editor.ts";
import { until } from "./support/until.ts";

const KILLS = 20;

let server: BareServer;
beforeAll(async () => {
  await builtClient();
  server = await BareServer.start({}, { documents: true });
});
afterAll(() => server.stop());

it("has saved only what is on disk: 20 SIGKILLs right after it said so lose nothing", async () => {
  let lost = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const ada = await SdkEditor.open(server.url, "saved", "ada");
    await ada.document.whenSynced();
    const mark = `<${kill}>`;
    ada.type(mark);
    expect(ada.document.saved).toBe(false);
    await ada.document.whenSaved();
    await server.kill();
    // It must not say it again.
    void ada.stop();
    await server.up();
    const eve = new StockEditor(server.port, "saved", "eve");
    await until(() => eve.isSynced);
    if (!eve.text.toString().includes(mark)) lost += 1;
    eve.stop();
  }
  console.log(JSON.stringify({ test: "documents-sdk saved", kills: KILLS, lost }));
  expect(lost).toBe(0);
});
