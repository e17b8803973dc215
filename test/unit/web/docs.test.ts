import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../../src/edge/openapi/document.ts";
import { curl } from "../../../src/web/docs/curl.ts";
import { examplesOf, operationsOf } from "../../../src/web/docs/document.ts";
import { schemaWords } from "../../../src/web/docs/schema-words.ts";

const operations = operationsOf(openApiDocument("1.2.3", 4_000));
const command = (id: string, name: string) => {
  const operation = operations.find(({ operationId }) => operationId === id);
  const example = operation && examplesOf(operation).find((one) => one.name === name);
  if (example === undefined) throw new Error("There is no such example.");
  return curl("http://localhost:8787", example);
};

describe("an example as a command", () => {
  it("brings the token, the headers and the body", () => {
    expect(command("sendMessage", "said")).toBe(
      [
        "curl -X POST 'http://localhost:8787/v1/rooms/general/messages'",
        '-H "Authorization: Bearer $TOKEN"',
        "-H 'Idempotency-Key: hello-1'",
        "-H 'Content-Type: application/json'",
        `-d '{"content":"Hello from the edge"}'`,
      ].join(" \\\n  "),
    );
  });

  it("brings the API key where a backend speaks, and nothing where anyone may", () => {
    expect(command("sendMessage", "backend")).toContain("$API_KEY");
    expect(command("createToken", "member")).toContain("$API_KEY");
    expect(command("createGuest", "guest")).not.toContain("Authorization");
  });

  it("shows a stream as it comes, and leaves a colon in a path alone", () => {
    expect(command("streamEvents", "joined")).toMatch(/^curl -N 'http/);
    expect(command("publish", "price")).toContain("/v1/rooms/topic:prices/publish");
  });

  it("quotes for a shell", () => {
    const [operation] = operations;
    const [example] = operation === undefined ? [] : examplesOf(operation);
    if (example === undefined) throw new Error("There is no example.");
    expect(curl("", { ...example, body: { name: "D'Arcy" } })).toContain(`D'\\''Arcy`);
  });
});

it.each([
  [{ type: "integer", minimum: 1, maximum: 200, default: 50 }, "whole number, 1 to 200, else 50"],
  [{ type: "string", maxLength: 64 }, "text, at most 64 characters"],
  [{ type: "string", format: "date-time" }, "time"],
  [{ type: "array", minItems: 1 }, "list, at least 1 entries"],
  [{ enum: ["a", "b"] }, '"a" or "b"'],
  [{ const: true }, "true"],
  [{}, "anything"],
])("says what %j must be", (schema, words) => {
  expect(schemaWords(schema)).toBe(words);
});
