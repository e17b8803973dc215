import * as z from "zod";
import type { Schema } from "../../contract/schema.ts";
import { type JsonSchema, ownJsonSchema, type Side } from "../../kinds/json-schema.ts";

const DEFINITION = "#/$defs/";
const COMPONENT = "#/components/schemas/";

/** Writes schemas as JSON Schema, those with an `id` once and by reference. */
export class SchemaWriter {
  readonly #components = new Map<string, JsonSchema>();

  /** Every schema with an `id` so far, by it. */
  get components(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The schema of a body, as whoever sends it must know it. */
  body(schema: z.ZodType): JsonSchema {
    return this.#write(schema, "input");
  }

  /** The schemas of named parameters, and which of them are required. */
  parameters(schema: z.ZodObject): readonly Parameter[] {
    // What comes out is the number; what goes in is its text, as in every URL.
    const { properties } = this.#write(schema, "output") as { properties: Record<string, object> };
    const { required = [] } = this.#write(schema, "input") as { required?: string[] };
    return Object.entries(properties).map(([name, { ...property }]) => ({
      name,
      required: required.includes(name),
      schema: property as JsonSchema,
    }));
  }

  /**
   * A schema of a team's own under a name, as a schema that refers to it: its JSON Schema as far as its
   * library tells it, and whatever JSON there is otherwise.
   */
  own(name: string, schema: Schema, io: Side, more: (known: JsonSchema) => JsonSchema = same) {
    const { $defs = {}, ...written } = ownJsonSchema(schema, io);
    const place = (id: string) => `${name}.${id}`.replaceAll(/[^\w.-]/g, "_");
    const rename = (part: object) =>
      JSON.parse(JSON.stringify(part), (key, value: unknown) => {
        if (key !== "$ref" || typeof value !== "string") return value;
        return value === "#" ? COMPONENT + name : COMPONENT + place(value.slice(DEFINITION.length));
      });
    for (const [id, part] of Object.entries(Object($defs))) {
      this.#define(place(id), rename(Object(part)));
    }
    this.#define(name, more(rename(written)));
    return z.unknown().meta({ $ref: COMPONENT + name });
  }

  #write(schema: z.ZodType, io: Side): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      id: __,
      ...written
    } = z.toJSONSchema(schema, { io, unrepresentable: "any", override: tidy });
    for (const [id, definition] of Object.entries($defs)) this.#define(id, byReference(definition));
    return byReference(written);
  }

  #define(id: string, { id: _, ...schema }: JsonSchema): void {
    const known = this.#components.get(id);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas are called ${id}.`);
    }
    this.#components.set(id, schema);
  }
}

/** One parameter of a request. */
export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

function same(known: JsonSchema): JsonSchema {
  return known;
}

/** The format says it shorter than a pattern of two hundred characters. */
function tidy({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  if (jsonSchema["format"] === "date-time") delete jsonSchema["pattern"];
  if (jsonSchema["maximum"] === Number.MAX_SAFE_INTEGER) delete jsonSchema["maximum"];
}

/** The same schema, with references to where OpenAPI keeps what they refer to. */
function byReference(schema: object): JsonSchema {
  const text = JSON.stringify(schema).replaceAll(`"$ref":"${DEFINITION}`, `"$ref":"${COMPONENT}`);
  return JSON.parse(text) as JsonSchema;
}
