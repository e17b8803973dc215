import * as z from "zod";
import type { Schema } from "../contract/schema.ts";

/** A JSON Schema, 2020-12: the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Whether a schema is told as what goes in, or as what comes out of it. */
export type Side = "input" | "output";

/** What Standard JSON Schema asks of a library that can tell its schemas (standardschema.dev). */
type Tell = Readonly<Record<Side, (how: { readonly target: string }) => unknown>>;

const TARGET = "draft-2020-12";

/**
 * The JSON Schema of a schema of whatever library: by zod's own hand, for it leaves open what JSON
 * Schema has no word for; else as the schema tells it itself; else what takes anything.
 */
export function ownJsonSchema(schema: Schema, io: Side): JsonSchema {
  try {
    const {
      $schema: _,
      id: __,
      ...told
    }: JsonSchema = isZod(schema)
      ? z.toJSONSchema(schema, { io, unrepresentable: "any" })
      : Object(tellOf(schema)?.[io]({ target: TARGET }));
    return told;
  } catch {
    return {};
  }
}

/** Of zod 4, whichever copy of it. */
function isZod(schema: object): schema is z.ZodType {
  return "_zod" in schema;
}

function tellOf({ "~standard": standard }: Schema): Tell | undefined {
  return Reflect.get(standard, "jsonSchema");
}
