import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../../src/edge/openapi/document.ts";
import { OPERATIONS } from "../../../src/edge/openapi/operations.ts";
import { ERROR_CODES, type ErrorCode } from "../../../src/protocol/error.ts";
import { errorsOf, examplesOf, operationsOf } from "../../../src/web/docs/document.ts";
import { DocumentValidator } from "../../support/document-validator.ts";

const document = openApiDocument("1.2.3", 4_000);
const operations = operationsOf(document);
const validator = new DocumentValidator(document);

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it("changes with the schemas that check the requests", () => {
    const bounded = JSON.stringify(openApiDocument("1.2.3", 7));
    expect(JSON.stringify(document).match(/"maxLength":4000\b/g)).toHaveLength(2);
    expect(bounded.match(/"maxLength":7\b/g)).toHaveLength(2);
  });

  it("tells of an operation once, under a name of its own", () => {
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual([...ids].sort());
  });

  it("tells of every error but those that only a socket, or no operation at all, can meet", () => {
    const told = new Set(
      operations.flatMap((operation) => errorsOf(operation)).map(([code]) => code),
    );
    const others: readonly ErrorCode[] = [
      "invalid_frame",
      "unknown_type",
      "method_not_allowed",
      // Said by rules of a team's own, which the default deployment has none of.
      "unavailable",
      "upgrade_required",
    ];
    expect([...told, ...others].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });
});

describe.each(operations)("$operationId", (operation) => {
  const at = ["paths", operation.path, operation.method];
  const examples = examplesOf(operation);

  it("has an example of every answer but 304", () => {
    const told = Object.keys(operation.responses).filter((s) => Number(s) < 400 && s !== "304");
    const shown = new Set(examples.map(({ status }) => String(status)));
    expect([...shown].sort()).toEqual(told);
  });

  it.each(examples)("has an example $name that is as the schemas say", (example) => {
    operation.parameters.forEach(({ examples: values, required }, i) => {
      const value = values?.[example.name]?.value;
      if (value === undefined) expect(required).toBe(false);
      else expect(validator.problems([...at, "parameters", i, "schema"], value)).toBe("");
    });
    const json = ["content", "application/json", "schema"];
    const { content = {} } = operation.requestBody ?? {};
    if ("application/x-ndjson" in content) {
      const line = [...at, "requestBody", "content", "application/x-ndjson", "x-line"];
      for (const text of String(example.body).trimEnd().split("\n")) {
        expect(validator.problems(line, JSON.parse(text))).toBe("");
      }
    } else if (operation.requestBody !== undefined && !("application/octet-stream" in content)) {
      expect(validator.problems([...at, "requestBody", ...json], example.body)).toBe("");
    }
    if (operation.responses[example.status]?.content?.["application/json"] !== undefined) {
      const place = [...at, "responses", example.status, ...json];
      expect(validator.problems(place, example.answer)).toBe("");
    }
  });
});
