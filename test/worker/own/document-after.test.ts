import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { VERSION_BOUNDS } from "../../../src/protocol/version-limits.ts";
import { archivist, resetArchivist } from "../../fixtures/kinds/archivist.ts";
import { EditorSocket, name, until, upgrade } from "../support/editor-socket.ts";
import { call } from "../support/http.ts";
import { tokenFor } from "../support/tokens.ts";

/** Text after text, as one client would write them. */
class Author {
  readonly document = name();
  readonly #doc = new Doc();

  async write(text: string): Promise<void> {
    this.#doc.getText("text").insert(this.#doc.getText("text").length, text);
    const bytes = encodeStateAsUpdate(this.#doc);
    await call("PUT", `/v1/documents/${this.document}`, { bytes });
  }

  async ask(method: string, path: string, body?: object): Promise<Response> {
    const auth = await tokenFor("ada", { rooms: {} });
    const more = body === undefined ? {} : { body };
    return call(method, `/v1/documents/${this.document}${path}`, { auth, ...more });
  }

  query(statement: string): Promise<readonly unknown[]> {
    const stub = env.DOCUMENT.getByName(`document:${this.document}`);
    return runInDurableObject(stub, (_, { storage }) => [...storage.sql.exec(statement)]);
  }
}

beforeEach(resetArchivist);

describe("document.after.version (P13.5, P13.7)", () => {
  it("is told of what somebody asked for, and of what a restore took the place of", async () => {
    const author = new Author();
    await author.write("one");
    await author.ask("POST", "/versions", { label: "First" });
    await until(() => archivist.kept.length === 1);
    await author.write(" two");
    await author.ask("POST", "/versions/1/restore");
    await until(() => archivist.kept.length === 2);
    const room = `document:${author.document}`;
    expect(archivist.kept).toMatchObject([
      { data: { id: 1, cause: "asked", label: "First" }, actorId: "ada", seq: 1, room },
      { data: { id: 2, cause: "restore" }, actorId: "ada", seq: 2, room },
    ]);
    const [first, second] = archivist.kept;
    expect(first?.key).not.toBe(second?.key);
    expect(Number.isNaN(Date.parse(first?.timestamp ?? ""))).toBe(false);
    expect(Object.hasOwn(first?.env ?? {}, "API_KEY")).toBe(true);
    await expect.poll(() => author.query("SELECT id FROM outbox")).toEqual([]);
  });

  it("is told of what came by itself", async () => {
    const author = new Author();
    const token = await tokenFor("ada");
    const socket = new EditorSocket(await upgrade(author.document, { token }));
    // A tail of more than one row in bytes is folded when it is looked at next.
    await author.write("x".repeat(1_200_000));
    await until(() => archivist.kept.length === 1);
    expect(archivist.kept[0]).toMatchObject({
      data: { id: 1, cause: "automatic" },
      actorId: "system",
    });
    socket.close();
  });

  it("is told again under the same key until it takes it", async () => {
    archivist.refusals = 1;
    const author = new Author();
    await author.write("one");
    await author.ask("POST", "/versions");
    await until(() => archivist.kept.length === 2);
    expect(archivist.kept[0]?.key).toBe(archivist.kept[1]?.key);
    await expect.poll(() => author.query("SELECT id FROM outbox")).toEqual([]);
  });

  it("is a dead letter when it was given up, to be seen and sent again by the backend (P16.6, P16.7)", async () => {
    archivist.refusals = 1;
    const author = new Author();
    await author.write("one");
    await author.ask("POST", "/versions");
    await until(() => archivist.kept.length === 1);
    await author.query(
      `INSERT INTO dead_letters (carrier, recipient, source, key, content, at, reason, given_up_at)
        SELECT carrier, recipient, source, key, content, at, 'not delivered for a day', at FROM outbox`,
    );
    await author.query("DELETE FROM outbox");
    const path = `/v1/documents/${author.document}/dead-letters`;
    expect((await author.ask("GET", "/dead-letters")).status).toBe(403);
    const page = await (await call("GET", path)).json();
    expect(page).toMatchObject({
      deadLetters: [{ id: 1, carrier: "after", name: "document.version", seq: 1 }],
      count: 1,
    });
    expect((await call("POST", `${path}/7/resend`)).status).toBe(404);
    expect(await (await call("POST", `${path}/1/resend`)).json()).toEqual({ resent: 1 });
    await until(() => archivist.kept.length === 2);
    expect(archivist.kept[1]?.key).toBe(archivist.kept[0]?.key);
    expect(await (await call("POST", `${path}/resend`)).json()).toEqual({ resent: 0 });
  });

  it("keeps no more versions waiting than a rule that fails may be told later", async () => {
    const author = new Author();
    await author.write("one");
    await author.ask("POST", "/versions");
    await until(() => archivist.kept.length === 1);
    await author.query(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${VERSION_BOUNDS.tidingsWaiting})
        INSERT INTO outbox (carrier, recipient, source, key, content, tries, due, at)
        SELECT 'after', 'k' || i, 1, 'k' || i, '"{}"', 0, 9e15, 9e15 FROM n`,
    );
    for (const path of ["/versions", "/versions/1/restore"]) {
      expect((await author.ask("POST", path)).status).toBe(429);
    }
  });
});
