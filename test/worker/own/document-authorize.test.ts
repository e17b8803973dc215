import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { refuse } from "../../../src/contract/index.ts";
import { writeSyncStep1, writeUpdate } from "../../../src/document/wire.ts";
import { INNER_VERSION } from "../../../src/protocol/inner-version.ts";
import { archivist, resetArchivist, WRITER } from "../../fixtures/kinds/archivist.ts";
import { EditorSocket, EMPTY_VECTOR, name, until, upgrade } from "../support/editor-socket.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

const READER = { can: ["read"] } as const;
const WRITE_ONLY = { can: ["write"] } as const;
const OUT = () => refuse("no_pass", "Ask the archivist.", { status: 451 });

/** A token that grants nothing at all: the archivist alone decides. */
const nothing = (sub = "ada") => tokenFor(sub, { rooms: {} });

const textUpdate = (text: string) => {
  const doc = new Doc();
  doc.getText("text").insert(0, text);
  return encodeStateAsUpdate(doc);
};

/** Somebody who was sent the document. */
async function editor(document: string, sub = "ada"): Promise<EditorSocket> {
  const socket = new EditorSocket(await upgrade(document, { token: await nothing(sub) }));
  socket.send(writeSyncStep1(EMPTY_VECTOR));
  await until(() => socket.messages.some(({ type }) => type === "sync_step_2"));
  return socket;
}

const updates = ({ messages }: EditorSocket) =>
  messages.filter(({ type }) => type === "update").length;

/** Every way in by a request: what it is, how it is asked, and what it answers who may read, or write. */
const REQUESTS: readonly (readonly [string, string, string, object, number, number])[] = [
  ["reading it", "GET", "/v1/documents/:d?as=json", {}, 200, 200],
  ["its versions", "GET", "/v1/documents/:d/versions", {}, 200, 200],
  ["a version", "POST", "/v1/documents/:d/versions", { body: {} }, 403, 409],
  ["a label", "PATCH", "/v1/documents/:d/versions/1", { body: { label: "x" } }, 403, 404],
  ["a restore", "POST", "/v1/documents/:d/versions/1/restore", {}, 403, 404],
  ["a poll in JSON", "GET", "/v1/rooms/document::d/poll", {}, 200, 200],
  ["a long poll in JSON", "GET", "/v1/rooms/document::d/poll?wait=1", {}, 200, 200],
  ["people in JSON", "GET", "/v1/rooms/document::d/users", {}, 200, 200],
  ["a snapshot in JSON", "GET", "/v1/rooms/document::d/snapshot", {}, 200, 200],
  [
    "a change in JSON",
    "POST",
    "/v1/rooms/document::d/changes",
    { body: { messageId: "m-1", version: 0, changes: ["a"] } },
    403,
    201,
  ],
  [
    "writing a snapshot in JSON",
    "POST",
    "/v1/rooms/document::d/snapshot",
    { body: { messageId: "m-2", version: 1, snapshot: "" } },
    403,
    409,
  ],
];

function ask(method: string, path: string, options: object, auth: string): Promise<Response> {
  return call(method, path.replace(":d", name()), { ...options, auth });
}

beforeEach(resetArchivist);

describe("document.authorize decides alone, by whatever way somebody comes (P14.1)", () => {
  it("lets a socket of Yjs in whose token grants nothing, and the editor write", async () => {
    const document = name();
    const ada = await editor(document);
    ada.send(writeUpdate(textUpdate("hello")));
    await until(() => updates(ada) === 1);
    expect(archivist.asked).toMatchObject([
      { actor: { id: "ada", name: "ADA" }, room: `document:${document}`, grants: [] },
    ]);
    ada.close();
  });

  it("lets a socket in JSON in, and an event stream", async () => {
    const room = `document:${name()}`;
    const ada = await Peer.connect(room, "ada", { token: await nothing() });
    expect(await ada.ask("document_change", { version: 0, changes: ["a"] })).toMatchObject({
      success: true,
    });
    const stream = await call("GET", `/v1/rooms/${room}/events`, { auth: await nothing() });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    ada.close();
  });

  it.each(REQUESTS)(
    "lets in for %s just who may",
    async (_, method, path, options, read, write) => {
      archivist.answer = async () => READER;
      expect((await ask(method, path, options, await nothing())).status).toBe(read);
      archivist.answer = async () => WRITER;
      expect((await ask(method, path, options, await nothing("ben"))).status).toBe(write);
      expect(archivist.asked).toHaveLength(2);
    },
  );

  it.each(REQUESTS)(
    "keeps out for %s whom it refuses, whatever the token grants, and whom it cannot say (P14.2)",
    async (_, method, path, options) => {
      archivist.answer = async () => OUT();
      const refused = await ask(method, path, options, await tokenFor("ada"));
      expect([refused.status, await refused.json()]).toMatchObject([
        451,
        { error: { code: "no_pass", message: "Ask the archivist." } },
      ]);
      archivist.answer = () => Promise.reject(new Error("no database"));
      const failed = await ask(method, path, options, await tokenFor("ben"));
      expect([failed.status, failed.headers.get("Retry-After")]).toEqual([503, "1"]);
    },
  );

  it.each([
    ["whom it refuses", "no_pass: Ask the archivist.", 4403, async () => OUT()],
    ["for whom it throws", "unavailable: ", 1013, () => Promise.reject(new Error("down"))],
    ["whom it lets write and not read", "access_denied: ", 4403, async () => WRITE_ONLY],
  ] as const)(
    "keeps sockets of Yjs, sockets in JSON and streams out %s (P17.9)",
    async (_, reason, code, answer) => {
      archivist.answer = answer;
      const document = name();
      const ada = new EditorSocket(await upgrade(document, { token: await tokenFor("ada") }));
      await until(() => ada.closed !== undefined);
      expect([ada.closed, ada.denials[0]?.startsWith(reason)]).toEqual([code, true]);
      const room = `document:${document}`;
      const peer = await Peer.connect(room, "ada");
      expect(reason.startsWith(peer.of("error")[0]?.code)).toBe(true);
      const stream = await call("GET", `/v1/rooms/${room}/events`, { auth: await tokenFor("ada") });
      expect(stream.status).toBeGreaterThan(400);
    },
  );

  it("is not asked about the API key", async () => {
    const document = name();
    const bytes = textUpdate("by the backend");
    expect((await call("PUT", `/v1/documents/${document}`, { bytes })).status).toBe(204);
    const text = await call("GET", `/v1/documents/${document}?as=text`);
    expect(await text.text()).toBe("by the backend");
    expect((await call("DELETE", `/v1/documents/${document}`)).status).toBe(204);
    expect(archivist.asked).toEqual([]);
  });

  it("is demanded by the document of whoever comes from a Worker that did not ask", async () => {
    const actor = { userId: "ada", name: "Ada", permissions: ["read"] as const };
    const stub = env.DOCUMENT.getByName(`document:${name()}`);
    const old = { ...actor, version: INNER_VERSION };
    expect(await stub.versions(old, { limit: 1 })).toMatchObject({
      ok: false,
      error: { code: "internal", retryable: true },
    });
  });
});

describe("a nudge in a document (P14.8)", () => {
  const nudge = (document: string, body: object = {}) =>
    call("POST", `/v1/rooms/document:${document}/reauthorize`, { body });

  it("makes a reader a writer without a drop, and has it say what it wrote before (P17.17)", async () => {
    archivist.answer = async () => READER;
    const document = name();
    const ada = await editor(document);
    ada.send(writeUpdate(textUpdate("too early")));
    await until(() => ada.denials.length === 1);
    archivist.answer = async () => WRITER;
    const asks = ada.messages.filter(({ type }) => type === "sync_step_1").length;
    const response = await nudge(document);
    expect([response.status, await response.json()]).toEqual([202, { asked: 1 }]);
    await until(() => ada.messages.filter(({ type }) => type === "sync_step_1").length > asks);
    ada.send(writeUpdate(textUpdate("now")));
    await until(() => updates(ada) === 1);
    expect(ada.closed).toBeUndefined();
    ada.close();
  });

  it("makes a writer a reader, and tells it once (P17.17)", async () => {
    const document = name();
    const [ada, ben] = [await editor(document, "ada"), await editor(document, "ben")];
    archivist.answer = async ({ actor: { id } }) => (id === "ada" ? READER : WRITER);
    expect(await (await nudge(document)).json()).toEqual({ asked: 2 });
    await until(() => ada.denials.length === 1);
    ada.send(writeUpdate(textUpdate("too late")));
    ben.send(writeUpdate(textUpdate("in time")));
    await until(() => updates(ben) === 1 && updates(ada) === 1);
    const text = await call("GET", `/v1/documents/${document}?as=text`);
    expect([await text.text(), ada.denials.length, ben.denials.length]).toEqual(["in time", 1, 0]);
    for (const socket of [ada, ben]) socket.close();
  });

  it("sends away whom it refuses, or lets read no more, on both wires (P14.6)", async () => {
    const document = name();
    const [ada, ben] = [await editor(document, "ada"), await editor(document, "ben")];
    const peer = await Peer.connect(`document:${document}`, "ada");
    archivist.answer = async ({ actor: { id } }) => (id === "ada" ? OUT() : WRITE_ONLY);
    expect(await (await nudge(document)).json()).toEqual({ asked: 3 });
    await until(() => ada.closed === 4403 && ben.closed === 4403);
    expect(ada.denials).toEqual(["no_pass: Ask the archivist."]);
    expect(ben.denials).toEqual(["access_denied: You may not read here any more."]);
    expect(await peer.untilClosed()).toMatchObject({ code: 4403 });
  });

  it("is about one user alone when it names one, and heeds what requests were answered", async () => {
    const document = name();
    const [ada, ben] = [await editor(document, "ada"), await editor(document, "ben")];
    const path = `/v1/documents/${document}/versions`;
    const auth = await nothing("ada");
    expect((await call("GET", path, { auth })).status).toBe(200);
    archivist.asked = [];
    archivist.answer = async () => OUT();
    expect(await (await nudge(document, { userId: "ada" })).json()).toEqual({ asked: 1 });
    await until(() => ada.closed === 4403);
    expect((await call("GET", path, { auth })).status).toBe(451);
    expect([ben.closed, archivist.asked.map(({ actor }) => actor.id)]).toEqual([
      undefined,
      ["ada", "ada"],
    ]);
    ben.close();
  });

  it("holds over a sleep, and what cannot be asked again stands once more (P14.7)", async () => {
    const document = name();
    const ada = await editor(document);
    const stub = env.DOCUMENT.getByName(`document:${document}`);
    await evictDurableObject(stub, { webSockets: "hibernate" });
    archivist.answer = () => Promise.reject(new Error("no database"));
    expect(await (await nudge(document)).json()).toEqual({ asked: 1 });
    await until(() => archivist.asked.length === 2);
    ada.send(writeUpdate(textUpdate("still here")));
    await until(() => updates(ada) === 1);
    expect(archivist.asked[1]?.request.url).toBe(`https://edge.test/v1/documents/${document}`);
    archivist.answer = async () => OUT();
    await nudge(document);
    await until(() => ada.closed === 4403);
  });
});
