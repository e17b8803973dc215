import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { writeSyncStep1 } from "../../src/document/wire.ts";
import { EditorSocket, EMPTY_VECTOR, name, until } from "./support/editor-socket.ts";
import { call } from "./support/http.ts";
import { tracesIn } from "./support/traces.ts";

const ERROR = {
  code: "internal",
  message: expect.stringContaining("newer version"),
  retryable: true,
};

const stubOf = (document: string) => env.DOCUMENT.getByName(`document:${document}`);

function updateOf(text: string): Uint8Array {
  const doc = new Doc();
  doc.getText("text").insert(0, text);
  return encodeStateAsUpdate(doc);
}

/** A document with a word in it. */
async function writtenDocument(): Promise<string> {
  const document = name();
  const put = await call("PUT", `/v1/documents/${document}`, { bytes: updateOf("hi") });
  expect(put.status).toBe(204);
  return document;
}

/** What code of tomorrow does to a document's tables while this code is away. */
async function migrateFurther(document: string): Promise<void> {
  await runInDurableObject(stubOf(document), (_, { storage }) => {
    storage.sql.exec("ALTER TABLE tail RENAME COLUMN data TO body");
    storage.sql.exec("INSERT INTO migrations (step) VALUES (1000)");
  });
  await evictDurableObject(stubOf(document));
}

/** What is stored of the document. */
function contents(document: string): Promise<unknown> {
  return runInDurableObject(stubOf(document), (_, { storage }) =>
    ["tail", "snapshot", "folded", "versions", "meta", "migrations"].map((table) =>
      storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
    ),
  );
}

describe("a document that newer code wrote", () => {
  it("refuses everything with an error that says so, and changes nothing", async () => {
    const document = await writtenDocument();
    await migrateFurther(document);
    const before = await contents(document);
    for (const [method, path, more] of [
      ["GET", "?as=update", {}],
      ["GET", "?as=json", {}],
      ["GET", "/versions", {}],
      ["POST", "/versions", {}],
      ["PATCH", "/versions/1", { body: { label: "x" } }],
      ["POST", "/versions/1/restore", {}],
      ["PUT", "", { bytes: updateOf("more") }],
      ["DELETE", "", {}],
    ] as const) {
      const response = await call(method, `/v1/documents/${document}${path}`, more);
      expect([path, response.status, await response.json()]).toEqual([path, 500, { error: ERROR }]);
    }
    const ada = await EditorSocket.open(document, "ada");
    await until(() => ada.closed !== undefined);
    // A stock client comes back after whatever is not of 4400 to 4499.
    expect([ada.closed, ada.texts]).toEqual([1011, 0]);
    expect(ada.denials).toEqual([expect.stringContaining("newer version")]);
    expect(await contents(document)).toEqual(before);
  });

  it("ends whoever hibernated in it so that they come back, and keeps the alarm for the newer code", async () => {
    const document = await writtenDocument();
    const ada = await EditorSocket.open(document, "ada");
    ada.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => ada.messages.length > 0);
    await migrateFurther(document);
    const before = await contents(document);
    await until(() => ada.closed === 1012);
    const stub = stubOf(document);
    await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + 60_000));
    await runDurableObjectAlarm(stub);
    expect((await tracesIn(stub)).alarm).toBeGreaterThan(Date.now());
    expect(await contents(document)).toEqual(before);
  });
});
