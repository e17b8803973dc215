import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import { Doc } from "yjs";
import { writeShown } from "../../src/document/awareness-message.ts";
import { writeAwareness, writeSyncStep1, writeUpdate } from "../../src/document/wire.ts";
import { YJS_BOUNDS } from "../../src/protocol/yjs-limits.ts";
import { app } from "./support/app.ts";
import { EditorSocket, EMPTY_VECTOR, name, until, upgrade } from "./support/editor-socket.ts";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

describe("the way into a document", () => {
  it("answers with the subprotocol that was offered, and with none else (P17.1)", async () => {
    const token = await tokenFor("ada");
    const named = await upgrade(name(), { protocol: `hibiki.yjs.v1, bearer.${token}` });
    expect(named.headers.get("Sec-WebSocket-Protocol")).toBe("hibiki.yjs.v1");
    const plain = await upgrade(name(), { token });
    expect(plain.headers.get("Sec-WebSocket-Protocol")).toBeNull();
    for (const response of [named, plain]) new EditorSocket(response).close();
  });

  it("takes guests of the demo, to read and write", async () => {
    const answer = await call("POST", "/v1/guests", { auth: "", body: { name: "Guest" } });
    const { token } = await answer.json<{ token: string }>();
    const socket = new EditorSocket(await upgrade(name(), { token }));
    socket.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => socket.messages.some(({ type }) => type === "sync_step_2"));
    socket.close();
  });

  it.each<[string, Parameters<typeof upgrade>[1], string, number]>([
    ["no token", {}, "any", 4401],
    ["the API key", { headers: { Authorization: `Bearer ${env.API_KEY}` } }, "any", 4401],
    ["a name with a slash", {}, "a/b", 4403],
  ])(
    "is closed by bytes alone, a second after it says why: %s (P17.9)",
    async (_, options, document, code) => {
      const socket = new EditorSocket(await upgrade(document, options));
      await until(() => socket.denials.length === 1);
      expect(socket.closed).toBeUndefined();
      await until(() => socket.closed !== undefined);
      expect([socket.closed, socket.texts]).toEqual([code, 0]);
    },
  );

  it("is closed to pages of other origins, where origins are listed (P11.3)", async () => {
    const request = new Request(`https://edge.test/v1/documents/d?token=${await tokenFor("ada")}`, {
      headers: { Upgrade: "websocket", Origin: "https://evil.example" },
    });
    const response = await app.fetch(request, { ...env, ALLOWED_ORIGINS: "https://app.example" });
    const socket = new EditorSocket(response);
    await until(() => socket.closed === 4403);
  });

  it("says which lines are missing where there are no documents", async () => {
    const { DOCUMENT: _, ...without } = env;
    const request = new Request(`https://edge.test/v1/documents/d?token=${await tokenFor("ada")}`, {
      headers: { Upgrade: "websocket" },
    });
    const socket = new EditorSocket(await app.fetch(request, without));
    await until(() => socket.closed === 4503);
    expect(socket.denials[0]).toContain('class_name = "DocumentObject"');
  });

  it("is no page to be read", async () => {
    const response = await call("GET", "/v1/documents/any");
    expect(response.status).toBe(400);
  });
});

describe("a document", () => {
  it("keeps text and cursors over a sleep, and takes the right cursor away (P17.6)", async () => {
    const document = name();
    const [ada, ben] = [
      await EditorSocket.open(document, "ada"),
      await EditorSocket.open(document, "ben", false),
    ];
    const [adas, bens] = [cursor("Ada"), cursor("Ben")];
    const doc = new Doc();
    doc.on("update", (update: Uint8Array) => ada.send(writeUpdate(update)));
    for (const socket of [ada, ben]) socket.send(writeSyncStep1(EMPTY_VECTOR));
    doc.getText("text").insert(0, "hello");
    ada.send(adas.frame);
    ben.send(bens.frame);
    await until(() => ada.shown.has(bens.client) && ben.shown.has(adas.client));

    const stub = env.DOCUMENT.getByName(`document:${document}`);
    await evictDurableObject(stub, { webSockets: "hibernate" });
    const eve = await EditorSocket.open(document, "eve");
    eve.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => eve.shown.size === 2);
    const step2 = eve.messages.find(({ type }) => type === "sync_step_2");
    expect(step2?.type === "sync_step_2" && step2.update.length).toBeGreaterThan(10);
    ada.close();
    await until(() => eve.shown.get(adas.client) === null);
    expect(eve.shown.get(bens.client)).toContain("Ben");
    eve.close();
    ben.close();
  });

  it("keeps as large a cursor as may be over a hibernation, in whatever script (P17.6)", async () => {
    const document = name();
    const ada = await EditorSocket.open(document, "ada");
    const state = JSON.stringify({ name: `€${"x".repeat(YJS_BOUNDS.awarenessBytes - 100)}` });
    ada.send(writeSyncStep1(EMPTY_VECTOR));
    ada.send(writeAwareness(writeShown([{ client: 7, clock: 1, state }])));
    await until(() => ada.shown.get(7) === state);
    const stub = env.DOCUMENT.getByName(`document:${document}`);
    await evictDurableObject(stub, { webSockets: "hibernate" });
    const eve = await EditorSocket.open(document, "eve");
    eve.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => eve.shown.get(7) === state);
    ada.close();
    eve.close();
  });

  it("stores nothing when nobody wrote, and one row for what was written at once", async () => {
    const document = name();
    const stub = env.DOCUMENT.getByName(`document:${document}`);
    const ada = await EditorSocket.open(document, "ada");
    ada.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => ada.messages.length > 0);
    const tables = () =>
      runInDurableObject(
        stub,
        (_, { storage }) =>
          [...storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'tail'")].length,
      );
    expect(await tables()).toBe(0);
    const doc = new Doc();
    doc.on("update", (update: Uint8Array) => ada.send(writeUpdate(update)));
    for (const letter of "hello") doc.getText("text").insert(0, letter);
    await until(() => ada.messages.some(({ type }) => type === "update"));
    expect(await tables()).toBe(1);
    ada.close();
  });

  it("refuses text and rubbish, and closes at the tenth (P17.10)", async () => {
    const ada = await EditorSocket.open(name(), "ada");
    for (let at = 0; at < 5; at++) {
      ada.send("text");
      ada.send(Uint8Array.of(0, 9, 9));
    }
    await until(() => ada.closed === 4400);
    expect([ada.denials.length, ada.texts]).toEqual([10, 0]);
  });
});

function cursor(who: string): { readonly client: number; readonly frame: Uint8Array } {
  const doc = new Doc();
  const awareness = new Awareness(doc);
  awareness.setLocalState({ name: who });
  const frame = writeAwareness(encodeAwarenessUpdate(awareness, [doc.clientID]));
  awareness.destroy();
  return { client: doc.clientID, frame };
}
