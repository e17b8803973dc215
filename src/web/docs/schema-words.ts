import type { Schema } from "./document.ts";

/** What a value must be, in a few words: `text, 1 to 128 characters`. */
export function schemaWords(schema: Schema): string {
  const { enum: choices, const: constant, default: fallback } = schema;
  const kind =
    constant !== undefined
      ? JSON.stringify(constant)
      : choices !== undefined
        ? choices.map((choice) => JSON.stringify(choice)).join(" or ")
        : kindOf(schema);
  return [kind, ...rangesOf(schema), ...(fallback === undefined ? [] : [`else ${fallback}`])].join(
    ", ",
  );
}

/** The name of the shape that a reference leads to. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

function kindOf({ type, format }: Schema): string {
  if (format === "date-time") return "time";
  switch (type) {
    case "string":
      return "text";
    case "integer":
      return "whole number";
    case "boolean":
      return "true or false";
    case "array":
      return "list";
    default:
      return type ?? "anything";
  }
}

function rangesOf(schema: Schema): readonly string[] {
  return [
    range(schema.minimum, schema.maximum, ""),
    range(schema.minLength, schema.maxLength, " characters"),
    range(schema.minItems, schema.maxItems, " entries"),
  ].filter((words) => words !== "");
}

function range(min: number | undefined, max: number | undefined, unit: string): string {
  if (min === undefined && max === undefined) return "";
  if (max === undefined) return `at least ${min}${unit}`;
  return min === undefined ? `at most ${max}${unit}` : `${min} to ${max}${unit}`;
}
