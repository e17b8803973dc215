import { afterAll, beforeAll, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockEditor } from "./support/editor.ts";
import { until } from "./support/until.ts";

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({}, { documents: true });
});
afterAll(() => server.stop());

function ask(method: string, path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}/v1/documents/${path}`, {
    method,
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}` },
  });
}

it("stock clients stay over a restore, keep what one wrote offline, and go over a delete (P17.14, P17.16)", async () => {
  const ada = new StockEditor(server.port, "draft", "ada");
  const ben = new StockEditor(server.port, "draft", "ben");
  const eve = new StockEditor(server.port, "draft", "eve", { connect: false });
  const editors = [ada, ben];
  try {
    await until(() => editors.every(({ isSynced }) => isSynced));
    ada.type("first draft");
    await until(() => ben.text.toString() === "first draft");
    const made = await ask("POST", "draft/versions");
    expect(made.status).toBe(201);
    ben.text.delete(0, 5);
    ben.type(" and much more");
    await until(() => ada.text.toString() === " draft and much more");

    eve.doc.getText("notes").insert(0, "written offline");
    const restored = await ask("POST", "draft/versions/1/restore");
    expect(await restored.json()).toEqual({ changed: true });
    await until(
      () => editors.every(({ text }) => text.toString() === "first draft"),
      () => editors.map(({ text }) => text.toString()),
    );
    eve.provider.connect();
    editors.push(eve);
    await until(() => ben.doc.getText("notes").toString() === "written offline");
    await until(() => eve.text.toString() === "first draft");
    expect(editors.flatMap(({ closes }) => closes)).toEqual([]);
    ada.type("!");
    await until(() => ben.text.toString() === "first draft!");

    await server.kill();
    await server.up();
    const later = await ask("GET", "draft?as=text&root=text");
    expect(await later.text()).toBe("first draft!");
    await until(() => editors.every(({ isSynced }) => isSynced));

    expect((await ask("DELETE", "draft")).status).toBe(204);
    await until(() => editors.every(({ denials }) => denials.includes("deleted")));
    const closed = () => editors.map(({ closes }) => closes.at(-1)?.code);
    await until(() => closed().every((code) => code === 4403), closed);
    // Their own backoff is below three seconds: whoever came back, as those of y-websocket 2 do, would
    // have brought the text along.
    await pause(4_000);
    expect(await (await ask("GET", "draft?as=json")).json()).toEqual({});
    expect(await (await ask("GET", "draft/versions")).json()).toEqual({
      versions: [],
      hasMore: false,
    });
  } finally {
    for (const editor of [ada, ben, eve]) editor.stop();
  }
});
