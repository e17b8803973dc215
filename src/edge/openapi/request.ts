import type * as z from "zod";
import type { BodySchemas } from "../../protocol/http-body-schema.ts";
import { linesOf } from "./answers.ts";
import type { SchemaWriter } from "./json-schema.ts";
import type { Example, Operation } from "./operation.ts";

/** Every parameter of an operation: in its path, its query and its headers. */
export function parametersOf(operation: Operation, schemas: SchemaWriter): readonly object[] {
  return [
    ...parametersIn("path", "params", operation, schemas),
    ...parametersIn("query", "query", operation, schemas),
    ...parametersIn("header", "headers", operation, schemas),
  ];
}

/** The body of an operation, if it has one. */
export function requestBodyOf(
  { body, lines, bytes, examples }: Operation,
  bodies: BodySchemas,
  schemas: SchemaWriter,
): object {
  if (body === undefined && lines === undefined && bytes === undefined) return {};
  const named = examples.flatMap(({ name, summary, body: value }) =>
    value === undefined ? [] : [[name, { summary, value }] as const],
  );
  const shown = Object.fromEntries(named);
  const content = {
    ...(body === undefined
      ? {}
      : { "application/json": { schema: schemas.body(body(bodies)), examples: shown } }),
    ...(lines === undefined ? {} : { "application/x-ndjson": linesOf(lines, shown, schemas) }),
    ...(bytes === undefined
      ? {}
      : {
          "application/octet-stream": {
            schema: { type: "string", description: bytes },
            examples: shown,
          },
        }),
  };
  return { requestBody: { required: true, content } };
}

function parametersIn(
  place: "path" | "query" | "header",
  part: "params" | "query" | "headers",
  { [part]: schema, examples }: Operation & Partial<Record<typeof part, z.ZodObject>>,
  schemas: SchemaWriter,
): readonly object[] {
  if (schema === undefined) return [];
  return schemas
    .parameters(schema)
    .map(({ name, required, schema: { description, ...property } }) => ({
      name,
      in: place,
      required,
      ...(description === undefined ? {} : { description }),
      schema: property,
      ...examplesOf(name, part, examples, property["type"]),
    }));
}

function examplesOf(
  name: string,
  part: "params" | "query" | "headers",
  examples: readonly Example[],
  type: unknown,
): object {
  const named = examples.flatMap((example) => {
    const value = example[part]?.[name];
    return value === undefined ? [] : [[example.name, { value: typed(value, type) }] as const];
  });
  return named.length === 0 ? {} : { examples: Object.fromEntries(named) };
}

/** A parameter's text as what it stands for. */
function typed(text: string, type: unknown): string | number | boolean {
  return type === "integer" ? Number(text) : type === "boolean" ? text === "true" : text;
}
