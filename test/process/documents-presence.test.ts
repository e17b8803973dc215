import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BareServer } from "./support/bare-server.ts";
import { type EditorOptions, type Stock, StockEditor } from "./support/editor.ts";
import { until } from "./support/until.ts";

/** By itself a stock client says again what it shows after a quarter of a minute. */
const SOON_MS = 1_500;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({}, { documents: true });
});
afterAll(() => server.stop());

const editors: StockEditor[] = [];
afterEach(() => {
  for (const editor of editors.splice(0)) editor.stop();
});

async function inside(document: string, names: readonly string[], options: EditorOptions) {
  for (const name of names) {
    const editor = new StockEditor(server.port, document, name, options);
    editors.push(editor);
    editor.show(name);
  }
  await until(() => editors.every(({ present }) => present.length === names.length), seen);
}

const seen = () => editors.map(({ present }) => `${present}`);

describe.each<Stock>([2, 3])("cursors of stock clients of y-websocket %i", (stock) => {
  it("are gone when a socket dies, and back when its client is, for both sides (P17.6)", async () => {
    await inside(`drops-${stock}`, ["ada", "ben", "eve"], { stock });
    const [ada, ben, eve] = editors;
    ben?.leave();
    await until(() => `${ada?.present}|${eve?.present}` === "ada,eve|ada,eve", seen, SOON_MS);
    ben?.provider.connect();
    await until(() => new Set(seen()).size === 1 && ada?.present.length === 3, seen, SOON_MS);
  });

  it("are those of a client that comes back while its old socket still hangs (P17.6)", async () => {
    await inside(`hangs-${stock}`, ["ada", "ben"], { stock });
    const [ada, ben] = editors;
    const letGo = ben?.hang();
    ben?.show("ben again");
    await until(() => `${ada?.present}` === "ada,ben again", seen, SOON_MS);
    letGo?.();
    ben?.show("ben still");
    await until(() => `${ada?.present}` === "ada,ben still", seen, SOON_MS);
  });
});

it("are few frames: an echo of an echo is told to nobody", async () => {
  const names = Array.from({ length: 10 }, (_, at) => `user-${at}`);
  await inside("echoes", names, {});
  for (const editor of editors) editor.count();
  for (let round = 0; round < 20; round++) {
    for (const [at, editor] of editors.entries()) editor.show(`${names[at]} ${round}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const heard = editors.reduce((sum, { framesHeard }) => sum + framesHeard, 0);
  console.log(`cursors: ${heard / 200 / 10} frames heard a change and reader`);
  // Relayed one by one it would be 1, and with echoes 10.
  expect(heard).toBeLessThan(200 * 10 * 0.6);
});
