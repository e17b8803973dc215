import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import { writeSyncStep1, writeUpdate } from "../../src/document/wire.ts";
import type { Permission } from "../../src/protocol/grant.ts";
import { DEFAULT_DOCUMENT_LIMITS } from "../../src/protocol/settings.ts";
import { YJS_BOUNDS } from "../../src/protocol/yjs-limits.ts";
import { EditorSocket, EMPTY_VECTOR, name, until } from "./support/editor-socket.ts";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

function put(document: string, update: Uint8Array, auth?: string): Promise<Response> {
  return call("PUT", `/v1/documents/${document}`, {
    bytes: update,
    ...(auth === undefined ? {} : { auth }),
  });
}

function read(document: string, query: string, auth?: string): Promise<Response> {
  return call("GET", `/v1/documents/${document}?${query}`, auth === undefined ? {} : { auth });
}

/** A token that grants so much of one document. */
function tokenOf(document: string, ...permissions: readonly Permission[]): Promise<string> {
  return tokenFor("ada", { rooms: { [`document:${document}`]: permissions } });
}

function updateOf(make: (doc: Doc) => void): Uint8Array {
  const doc = new Doc();
  make(doc);
  return encodeStateAsUpdate(doc);
}

const textUpdate = (text: string, root = "text") =>
  updateOf((doc) => doc.getText(root).insert(0, text));

async function codeOf(response: Response): Promise<readonly [number, string]> {
  const { error } = await response.json<{ error: { code: string } }>();
  return [response.status, error.code];
}

async function tablesOf(document: string): Promise<number> {
  const stub = env.DOCUMENT.getByName(`document:${document}`);
  return runInDurableObject(
    stub,
    (_, { storage }) => [...storage.sql.exec("SELECT name FROM sqlite_master")].length,
  );
}

describe("reading a document (P17.12)", () => {
  it("gives what is stored as an update, as JSON and as text", async () => {
    const document = name();
    await put(document, textUpdate("héllo"));
    await put(
      document,
      updateOf((doc) => doc.getMap("meta").set("title", "Notes")),
    );
    const json = await read(document, "as=json");
    expect(json.headers.get("Content-Type")).toBe("application/json");
    expect(await json.json()).toEqual({ text: "héllo", meta: { title: "Notes" } });
    const text = await read(document, "as=text");
    expect(text.headers.get("Content-Type")).toBe("text/plain; charset=utf-8");
    expect(await text.text()).toBe("héllo");
    const update = await read(document, "as=update");
    expect(update.headers.get("Content-Type")).toBe("application/octet-stream");
    const doc = new Doc();
    applyUpdate(doc, new Uint8Array(await update.arrayBuffer()));
    expect(doc.getText("text").toString()).toBe("héllo");
  });

  it("takes the types of roots from the query, and the name of a text", async () => {
    const document = name();
    await put(document, textUpdate("one", "a"));
    await put(document, textUpdate("two", "b"));
    expect(await (await read(document, "as=json&roots=c:array")).json()).toEqual({
      a: "one",
      b: "two",
      c: [],
    });
    expect(await (await read(document, "as=text&root=b")).text()).toBe("two");
    for (const query of ["as=text", "as=json&roots=c:list", "as=pdf", ""]) {
      expect(await codeOf(await read(document, query))).toEqual([400, "invalid_request"]);
    }
  });

  it("finds nothing where nobody wrote, and stores nothing", async () => {
    const document = name();
    expect(await (await read(document, "as=json")).json()).toEqual({});
    expect(await (await read(document, "as=text")).text()).toBe("");
    const update = new Uint8Array(await (await read(document, "as=update")).arrayBuffer());
    expect(update).toEqual(Uint8Array.of(0, 0));
    expect(await tablesOf(document)).toBe(0);
  });

  it("needs the grant read, and counts what one person has read", async () => {
    const document = name();
    const writer = await tokenOf(document, "write");
    expect(await codeOf(await read(document, "as=json", writer))).toEqual([403, "access_denied"]);
    const stranger = await tokenOf(name(), "read");
    expect(await codeOf(await read(document, "as=json", stranger))).toEqual([403, "access_denied"]);
    await put(document, textUpdate("x".repeat(4_000_000)));
    const reader = await tokenOf(document, "read");
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const response = await read(document, "as=update", reader);
      statuses.push(response.status);
      await response.arrayBuffer();
      if (response.status === 429) break;
    }
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
    expect(statuses.at(-1)).toBe(429);
  });

  it("does not build what is too large, and still gives it as an update", async () => {
    const document = name();
    const half = textUpdate("y".repeat(YJS_BOUNDS.builtBytes / 2 + 1_000));
    await put(document, half);
    await put(document, textUpdate("y".repeat(YJS_BOUNDS.builtBytes / 2 + 1_000), "more"));
    expect(await codeOf(await read(document, "as=json"))).toEqual([413, "too_large"]);
    expect(await codeOf(await read(document, "as=text&root=text"))).toEqual([413, "too_large"]);
    const update = await (await read(document, "as=update")).arrayBuffer();
    expect(update.byteLength).toBeGreaterThan(YJS_BOUNDS.builtBytes);
  });
});

describe("writing a document by the API key (P17.13)", () => {
  it("is an edit that those who are there see, and that merges with theirs", async () => {
    const document = name();
    const ada = await EditorSocket.open(document, "ada");
    ada.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => ada.messages.some(({ type }) => type === "sync_step_2"));
    expect((await put(document, textUpdate("hello"))).status).toBe(204);
    await until(() => ada.messages.some(({ type }) => type === "update"));
    ada.send(writeUpdate(textUpdate("more", "other")));
    await until(() => ada.messages.filter(({ type }) => type === "update").length === 2);
    expect(await (await read(document, "as=json")).json()).toEqual({
      text: "hello",
      other: "more",
    });
    ada.close();
  });

  it("is there once it is answered, and costs nothing when it is there already", async () => {
    const document = name();
    const update = textUpdate("once");
    for (let times = 0; times < 2; times++) {
      expect((await put(document, update)).status).toBe(204);
      expect(await (await read(document, "as=text")).text()).toBe("once");
    }
    const rows = await runInDurableObject(
      env.DOCUMENT.getByName(`document:${document}`),
      (_, { storage }) => [...storage.sql.exec("SELECT seq FROM tail")].length,
    );
    expect(rows).toBe(1);
  });

  it("refuses what the wire would refuse, and all but the API key", async () => {
    const document = name();
    for (const bytes of [Uint8Array.of(), Uint8Array.of(9, 9, 9), textUpdate("cut").slice(0, -3)]) {
      expect(await codeOf(await put(document, bytes))).toEqual([400, "invalid_request"]);
    }
    const large = new Uint8Array(DEFAULT_DOCUMENT_LIMITS.frameBytes + 1);
    expect(await codeOf(await put(document, large))).toEqual([413, "too_large"]);
    const admin = await tokenOf(document, "read", "write", "moderate");
    expect(await codeOf(await put(document, textUpdate("no"), admin))).toEqual([
      403,
      "access_denied",
    ]);
    expect(await tablesOf(document)).toBe(0);
  });
});

describe("deleting a document (P17.14)", () => {
  it("tells those who are there, closes them for good, and leaves nothing", async () => {
    const document = name();
    const ada = await EditorSocket.open(document, "ada");
    ada.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => ada.messages.some(({ type }) => type === "sync_step_2"));
    await put(document, textUpdate("hello"));
    expect(await tablesOf(document)).toBeGreaterThan(0);
    const response = await call("DELETE", `/v1/documents/${document}`);
    expect(response.status).toBe(204);
    await until(() => ada.denials.length === 1);
    expect(ada.denials).toEqual(["deleted"]);
    await until(() => ada.closed !== undefined);
    expect(ada.closed).toBe(4403);
    expect(await tablesOf(document)).toBe(0);
  });

  it("lets the name begin anew at once", async () => {
    const document = name();
    await put(document, textUpdate("old"));
    await call("DELETE", `/v1/documents/${document}`);
    await put(document, textUpdate("new"));
    expect(await (await read(document, "as=text")).text()).toBe("new");
  });

  it("is for the API key alone, and also where there is nothing", async () => {
    const document = name();
    const admin = await tokenOf(document, "read", "write", "moderate");
    const refused = await call("DELETE", `/v1/documents/${document}`, { auth: admin });
    expect(await codeOf(refused)).toEqual([403, "access_denied"]);
    expect((await call("DELETE", `/v1/documents/${document}`)).status).toBe(204);
  });
});
