import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { openApiDocument } from "../../src/edge/openapi/document.ts";
import { SAMPLE } from "../../src/edge/openapi/sample.ts";
import { VERSION } from "../../src/edge/version.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/settings.ts";
import {
  type Example,
  errorsOf,
  examplesOf,
  type Operation,
  operationsOf,
} from "../../src/web/docs/document.ts";
import { DocumentValidator } from "../support/document-validator.ts";
import { EventParser } from "../support/event-parser.ts";
import { app } from "./support/app.ts";
import { bury } from "./support/dead-letters.ts";
import { sampleToken, send } from "./support/exchange.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { isProvokable, provoke } from "./support/provocation.ts";

const document = openApiDocument(VERSION, DEFAULT_LIMITS.contentChars);
const operations = operationsOf(document);
const validator = new DocumentValidator(document);
const JSON_TYPE = "application/json";

describe("GET /openapi.json", () => {
  it("is the document that these tests go by, also where nothing is configured", async () => {
    expect(await (await call("GET", "/openapi.json", { auth: "" })).json()).toEqual(
      JSON.parse(JSON.stringify(document)),
    );
    const bare = { ROOM: env.ROOM };
    const response = await app.fetch(new Request("https://edge.test/openapi.json"), bare);
    expect(response.status).toBe(200);
    // That of the frames is made with the pages.
    const frames = await app.fetch(new Request("https://edge.test/asyncapi.json"), bare);
    expect(frames.status).toBe(404);
    const docs = await app.fetch(new Request("https://edge.test/docs"), bare);
    expect(docs.status).toBe(404);
  });

  it("tells of the bounds that are set", async () => {
    const vars = { ...env, LIMIT_CONTENT_CHARS: "7" };
    const response = await app.fetch(new Request("https://edge.test/openapi.json"), vars);
    expect(await response.text()).toContain('"maxLength":7');
  });

  it("tells of every route there is, and of no other", () => {
    const isApi = ({ path }: { path: string }) =>
      path.startsWith("/v1/") || path === "/healthz" || /^\/(?:open|async)api\.json$/.test(path);
    const routes = app.routes
      .filter((route) => route.method !== "ALL" && isApi(route))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const told = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...new Set(routes)].sort()).toEqual([...told].sort());
  });
});

/** An update that writes one word. */
const HELLO = (() => {
  const doc = new Doc();
  doc.getText("text").insert(0, "hello");
  return encodeStateAsUpdate(doc);
})();

describe("as documented", () => {
  let epoch: string;
  let ada: Peer;
  beforeAll(async () => {
    const auth = await sampleToken();
    for (const content of ["one", "two"]) {
      await call("POST", `/v1/rooms/${SAMPLE.room}/messages`, { auth, body: { content } });
    }
    // Its id, and those of the letters, are those of the examples.
    await call("PUT", "/v1/documents/versioned", { bytes: HELLO });
    await call("POST", "/v1/documents/versioned/versions", { auth, body: { label: "First" } });
    await bury(env.ROOM.getByName(SAMPLE.room), "elsewhere", "somebody", {});
    await bury(env.DOCUMENT.getByName("document:versioned"), "elsewhere", "somebody", {});
    ada = await Peer.connect(SAMPLE.room, SAMPLE.userId, { token: auth });
    epoch = ada.joined.epoch;
  });
  afterAll(() => ada.close());

  /** The cursor of an example belongs to another life of the room's log. */
  const here = (example: Example): Example =>
    JSON.parse(JSON.stringify(example).replaceAll(SAMPLE.epoch, epoch));

  describe.each(operations)("$operationId", (operation) => {
    const examples = examplesOf(operation);

    it.each(examples)("answers the example $name", async (example) => {
      const response = await send(here(example));
      await expectDocumented(operation, response, example.status, example);
    });

    const errors = errorsOf(operation).filter(([code]) => isProvokable(operation, code));
    it.each(errors)("refuses with %s (%i) (P7.3)", async (code, status) => {
      const example = firstOf(operation);
      const response = await send(here(example), await provoke(code, example));
      const body = await response.clone().json<{ error: { code: string } }>();
      expect(body.error.code).toBe(code);
      await expectDocumented(operation, response, status);
    });
  });

  const conditional = operations.filter(({ responses }) => "304" in responses);
  it.each(conditional)(
    "answers 304 to $operationId when nothing has changed",
    async (operation) => {
      const example = firstOf(operation);
      const tag = (await send(example)).headers.get("ETag") ?? "";
      const response = await send(example, { headers: { "If-None-Match": tag } });
      await expectDocumented(operation, response, 304);
    },
  );

  const reading = operations.filter(
    ({ method, security }) => method === "get" && security.some((way) => "tokenInQuery" in way),
  );
  it.each(reading)("takes the token of $operationId in the query, too", async (operation) => {
    const example = firstOf(operation);
    const query = { token: await sampleToken() };
    const response = await send(here(example), { auth: "", query });
    await expectDocumented(operation, response, example.status);
  });
});

function firstOf(operation: Operation): Example {
  const [example] = examplesOf(operation);
  if (example === undefined) throw new Error(`${operation.operationId} has no example.`);
  return example;
}

/** Holds an answer to the document; to an example's fields as well, if there is one. */
async function expectDocumented(
  { path, method, responses }: Operation,
  response: Response,
  status: number,
  example?: Example,
): Promise<void> {
  expect(response.status).toBe(status);
  const at = ["paths", path, method, "responses", status];
  const { headers = {}, content } = responses[status] ?? {};
  for (const [name, { required }] of Object.entries(headers)) {
    const value = response.headers.get(name);
    if (value === null) expect(required, `${name} is missing`).toBe(false);
    else {
      const typed = /^\d+$/.test(value) ? Number(value) : value;
      expect(validator.problems([...at, "headers", name, "schema"], typed)).toBe("");
    }
  }
  const [type] = Object.keys(content ?? {});
  if (type === undefined) {
    response.webSocket?.accept();
    response.webSocket?.close(1000, "done");
    expect(await response.text()).toBe("");
    return;
  }
  expect(response.headers.get("Content-Type")?.split(";")[0]).toBe(type);
  const media = [...at, "content", type];
  if (type === "text/event-stream") {
    for (const stream of [await firstEvent(response), String(example?.answer ?? "")]) {
      for (const data of framesOf(stream)) {
        expect(validator.problems([...media, "x-event-data"], data)).toBe("");
      }
    }
  } else if (type === "application/x-ndjson") {
    for (const lines of [await response.text(), String(example?.answer ?? "")]) {
      for (const line of lines.split("\n").slice(0, -1)) {
        expect(validator.problems([...media, "x-line"], JSON.parse(line))).toBe("");
      }
    }
  } else if (type === JSON_TYPE) {
    const body = await response.json<object>();
    expect(validator.problems([...media, "schema"], body)).toBe("");
    if (example !== undefined && !path.endsWith("api.json")) {
      expect(Object.keys(body).sort()).toEqual(Object.keys(example.answer ?? {}).sort());
    }
  }
}

function framesOf(stream: string): readonly unknown[] {
  const parser = new EventParser();
  parser.push(stream);
  return parser.events.map(({ data }) => JSON.parse(data));
}

/** What a stream says until its first event is whole; then its reader leaves. */
async function firstEvent(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (framesOf(text).length === 0) {
    const { done, value = "" } = (await reader?.read()) ?? { done: true };
    if (done) throw new Error(`The stream ended early: ${text}`);
    text += value;
  }
  await reader?.cancel();
  return text;
}
