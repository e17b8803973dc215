import { describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import { writeSyncStep1, writeUpdate } from "../../src/document/wire.ts";
import type { Permission } from "../../src/protocol/grant.ts";
import { EditorSocket, EMPTY_VECTOR, name, until } from "./support/editor-socket.ts";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

interface Told {
  readonly id: number;
  readonly by: string;
  readonly label?: string;
}

class Scene {
  readonly document = name();
  readonly doc = new Doc();

  token(...permissions: readonly Permission[]): Promise<string> {
    return tokenFor("ada", { rooms: { [`document:${this.document}`]: permissions } });
  }

  /** Asks for something below the document's path; with the API key when there is no token. */
  ask(method: string, path: string, token?: string, body?: unknown): Promise<Response> {
    return call(method, `/v1/documents/${this.document}${path}`, {
      ...(token === undefined ? {} : { auth: token }),
      ...(body === undefined ? {} : { body }),
    });
  }

  async type(text: string): Promise<void> {
    this.doc.getText("text").insert(this.doc.getText("text").length, text);
    const bytes = encodeStateAsUpdate(this.doc);
    await call("PUT", `/v1/documents/${this.document}`, { bytes });
  }

  async text(): Promise<string> {
    return (await this.ask("GET", "?as=text")).text();
  }

  async list(query = ""): Promise<{ versions: readonly Told[]; hasMore: boolean }> {
    return (await this.ask("GET", `/versions${query}`)).json();
  }
}

async function codeOf(response: Response): Promise<string> {
  const { error } = await response.json<{ error: { code: string } }>();
  return `${response.status} ${error.code}`;
}

describe("versions (P17.15)", () => {
  it("are kept, told the newest first, and labelled", async () => {
    const scene = new Scene();
    const ada = await scene.token("read", "write");
    await scene.type("one");
    const made = await scene.ask("POST", "/versions", ada, { label: "First" });
    expect(made.status).toBe(201);
    expect(await made.json()).toEqual({
      id: 1,
      by: "ada",
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      label: "First",
    });
    await scene.type(" two");
    expect((await scene.ask("POST", "/versions")).status).toBe(201);
    const page = await scene.list("?limit=1");
    expect(page).toMatchObject({ versions: [{ id: 2, by: "system" }], hasMore: true });
    await scene.ask("PATCH", "/versions/2", ada, { label: "Second" });
    await scene.ask("PATCH", "/versions/1", ada, { label: null });
    const { versions, hasMore } = await scene.list();
    expect(versions.map(({ id, label }) => [id, label])).toEqual([
      [2, "Second"],
      [1, undefined],
    ]);
    expect(hasMore).toBe(false);
    expect((await scene.list("?before=2")).versions).toHaveLength(1);
  });

  it("hold what the server has taken and not stored yet", async () => {
    const scene = new Scene();
    const ada = await EditorSocket.open(scene.document, "ada");
    ada.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => ada.messages.some(({ type }) => type === "sync_step_2"));
    for (const text of ["one", " two"]) {
      scene.doc.getText("text").insert(scene.doc.getText("text").length, text);
      ada.send(writeUpdate(encodeStateAsUpdate(scene.doc)));
    }
    // Frames are taken in the order in which they come; the first is not stored for a second.
    await until(() => ada.messages.some(({ type }) => type === "update"));
    const made = await scene.ask("POST", "/versions");
    expect(made.status).toBe(201);
    await scene.type("!");
    await scene.ask("POST", "/versions/1/restore");
    expect(await scene.text()).toBe("one two");
    ada.close();
  });

  it.each<[string, string, unknown, readonly Permission[], string]>([
    ["GET", "/versions", undefined, ["write"], "403 access_denied"],
    ["POST", "/versions", {}, ["read"], "403 access_denied"],
    ["PATCH", "/versions/1", { label: "x" }, ["read"], "403 access_denied"],
    ["POST", "/versions/1/restore", undefined, ["read"], "403 access_denied"],
    ["PATCH", "/versions/9", { label: "x" }, ["read", "write"], "404 not_found"],
    ["POST", "/versions/9/restore", undefined, ["read", "write"], "404 not_found"],
    ["PATCH", "/versions/x", { label: "x" }, ["write"], "400 invalid_request"],
    ["PATCH", "/versions/1", { label: " " }, ["write"], "400 invalid_request"],
    ["PATCH", "/versions/1", {}, ["write"], "400 invalid_request"],
    ["POST", "/versions", { label: "x".repeat(101) }, ["write"], "400 invalid_request"],
  ])("refuse %s %s with %j to who has %j: %s", async (method, path, body, grants, code) => {
    const scene = new Scene();
    await scene.type("one");
    await scene.ask("POST", "/versions");
    const token = await scene.token(...grants);
    expect(await codeOf(await scene.ask(method, path, token, body))).toBe(code);
  });

  it("are none of a document that nobody wrote to", async () => {
    const scene = new Scene();
    expect(await scene.list()).toEqual({ versions: [], hasMore: false });
    expect(await codeOf(await scene.ask("POST", "/versions"))).toBe("409 conflict");
  });

  it("go with their document", async () => {
    const scene = new Scene();
    await scene.type("one");
    await scene.ask("POST", "/versions");
    await scene.ask("DELETE", "");
    expect(await scene.list()).toEqual({ versions: [], hasMore: false });
  });
});

describe("restoring a version (P17.16)", () => {
  it("is a change that those who are there see, and keeps what was there before", async () => {
    const scene = new Scene();
    const ada = await scene.token("read", "write");
    await scene.type("one");
    await scene.ask("POST", "/versions", ada);
    await scene.type(" two");
    const ben = await EditorSocket.open(scene.document, "ben");
    ben.send(writeSyncStep1(EMPTY_VECTOR));
    await until(() => ben.messages.some(({ type }) => type === "sync_step_2"));
    const restored = await scene.ask("POST", "/versions/1/restore", ada);
    expect(await restored.json()).toEqual({ changed: true });
    expect(await scene.text()).toBe("one");
    const doc = new Doc();
    await until(() => ben.messages.some(({ type }) => type === "update"));
    for (const message of ben.messages) {
      if (message.type === "update" || message.type === "sync_step_2")
        applyUpdate(doc, message.update);
    }
    expect(doc.getText("text").toString()).toBe("one");
    expect(ben.closed).toBeUndefined();
    expect((await scene.list()).versions.map(({ id, by }) => [id, by])).toEqual([
      [2, "ada"],
      [1, "ada"],
    ]);
    await scene.ask("POST", "/versions/2/restore", ada);
    expect(await scene.text()).toBe("one two");
    ben.close();
  });

  it("changes nothing when the document is as it was", async () => {
    const scene = new Scene();
    await scene.type("one");
    await scene.ask("POST", "/versions");
    const restored = await scene.ask("POST", "/versions/1/restore");
    expect(await restored.json()).toEqual({ changed: false });
    expect((await scene.list()).versions).toHaveLength(1);
  });
});
