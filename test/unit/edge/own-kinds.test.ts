import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, type Schema, server } from "../../../src/contract/index.ts";
import { asyncApiDocument } from "../../../src/edge/asyncapi/document.ts";
import { openApiDocument } from "../../../src/edge/openapi/document.ts";
import { poll } from "../../fixtures/kinds/poll.ts";
import { DocumentValidator } from "../../support/document-validator.ts";

/** Folders in folders: its JSON Schema refers to itself. */
interface Tree {
  readonly name: string;
  readonly inside: readonly Tree[];
}
const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), inside: z.array(tree) }));

/** Of no library that we know, with and without a word for JSON Schema. */
const handMade = (told?: object) =>
  ({
    "~standard": {
      version: 1,
      vendor: "hand",
      validate: (value: unknown) => ({ value }),
      ...(told === undefined ? {} : { jsonSchema: { input: () => told, output: () => told } }),
    },
  }) as Schema;

const survey = contract("survey", {
  events: {
    grown: z.object({ root: tree, at: z.date() }),
    counted: z.string().transform(Number),
    told: handMade({ type: "object", properties: { n: { type: "integer" } }, required: ["n"] }),
    untold: handMade(),
    ended: server(z.strictObject({ why: z.string() })),
  },
});

const mounted = {
  base: "/realtime",
  authorizes: true,
  contracts: new Map([poll, survey].map((one) => [one.prefix, one] as const)),
};
const openApi = openApiDocument("1.2.3", 4_000, mounted);
const asyncApi = asyncApiDocument("1.2.3", 4_000, mounted);

describe("the OpenAPI document of a deployment with kinds of its own", () => {
  const validator = new DocumentValidator(openApi);
  const said = (path: string) => ["paths", path, "post", "requestBody", "content"];
  const problems = (type: string, body: unknown) =>
    validator.problems(
      [...said(`/v1/rooms/survey:{name}/events/${type}`), "application/json", "schema"],
      body,
    );

  it("is valid, and refers to nothing that is not in it", async () => {
    const { errors } = await new Validator().validate(structuredClone(openApi));
    expect(errors).toBeUndefined();
    refersWithin(openApi);
  });

  it("tells of each event as its schema does, with the key beside an object's fields", () => {
    const leaf = { name: "a", inside: [] };
    expect(problems("grown", { root: { ...leaf, inside: [leaf] }, at: 1 })).toBe("");
    expect(problems("grown", { root: { ...leaf, inside: [{}] }, at: 1 })).not.toBe("");
    expect(problems("counted", "7")).toBe("");
    expect(problems("counted", 7)).not.toBe("");
    expect(problems("told", { n: 7, messageId: "m-1" })).toBe("");
    expect(problems("told", { n: "7" })).not.toBe("");
    expect(problems("untold", [1, { anything: true }])).toBe("");
    expect(problems("ended", { why: "so", messageId: "m-1" })).toBe("");
  });

  it("tells of each signal, which has no key (P7.13)", () => {
    const path = "/v1/rooms/poll:{name}/signals/hover";
    const content = [...said(path), "application/json", "schema"];
    expect(validator.problems(content, { option: "soup" })).toBe("");
    expect(validator.problems(content, { option: 7 })).not.toBe("");
    const { responses, parameters } = Object(openApi.paths[path]?.["post"]);
    expect(Object.keys(responses)).toContain("202");
    expect(JSON.stringify(parameters)).not.toContain("Idempotency-Key");
  });

  it("keeps to the API key what clients cannot say, and names the codes of the rules", () => {
    const securityOf = (path: string) =>
      Reflect.get(openApi.paths[path]?.["post"] ?? {}, "security");
    expect(securityOf("/v1/rooms/survey:{name}/events/ended")).toEqual([{ apiKey: [] }]);
    expect(securityOf("/v1/rooms/poll:{name}/events/vote")).toContainEqual({ token: [] });
    expect(JSON.stringify(openApi.paths["/v1/rooms/poll:{name}/events/vote"])).toContain(
      "`closed`, `no_such_option`",
    );
  });

  it("has the state of a kind that has one", () => {
    expect(openApi.paths["/v1/rooms/poll:{name}/state"]).toBeDefined();
    expect(openApi.paths["/v1/rooms/survey:{name}/state"]).toBeUndefined();
  });

  it("is as ever where there are none", () => {
    expect(JSON.stringify(openApiDocument("1.2.3", 4_000))).not.toContain("Own kinds");
  });
});

describe("the AsyncAPI document of a deployment with kinds of its own", () => {
  it("is valid AsyncAPI 3.0, and refers to nothing that is not in it", async () => {
    const fixture = join(import.meta.dirname, "../../fixtures/asyncapi-3.0.0.json.gz");
    const schema = JSON.parse(gunzipSync(await readFile(fixture)).toString("utf8"));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    expect(ajv.validate(schema, asyncApi), ajv.errorsText()).toBe(true);
    refersWithin(asyncApi);
  });

  it("tells what people show of themselves in the words of the protocol", () => {
    const shown = contract("shown", { presence: z.object({ color: z.string() }) });
    const contracts = new Map([["shown", shown]]);
    const told = asyncApiDocument("1.2.3", 4_000, { ...mounted, contracts });
    expect(JSON.stringify(told)).not.toMatch(/(?:Says|Somebody said) ..(?:presence|user_updated)/);
  });

  it("has receipts in rooms of a kind whose contract has them, and in no others (P12.13)", () => {
    const told = (receipts: boolean) => {
      const contracts = new Map([["shown", contract("shown", { receipts })]]);
      return Object.keys(
        Object(asyncApiDocument("1.2.3", 4_000, { ...mounted, contracts })["operations"]),
      ).filter((id) => id.startsWith("shown"));
    };
    expect(told(true)).toEqual([
      "shown.read_messages",
      "shown.messages_read",
      "shownEvents.messages_read",
    ]);
    expect(told(false)).toEqual([]);
  });

  it("has what either end says, and nothing of a client's that only the server side may say", () => {
    const operations = Object.keys(Object(asyncApi["operations"]));
    expect(operations.filter((id) => id.startsWith("poll"))).toEqual([
      "poll.vote.said",
      "poll.vote",
      "pollEvents.vote",
      "poll.closed",
      "pollEvents.closed",
      "poll.announced",
      "pollEvents.announced",
      "poll.hover.said",
      "poll.hover",
      "pollEvents.hover",
      "poll.query",
      "poll.answer",
      "poll.state",
      "pollEvents.state",
    ]);
  });
});

function refersWithin(document: object): void {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(100);
  for (const [, reference = ""] of references) {
    const found = reference
      .replace(/^#\//, "")
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], document);
    expect(found, reference).toBeDefined();
  }
}
