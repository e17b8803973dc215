import type { Format } from "./config.ts";

type Scalar = string | number | boolean;
/** A value as both formats have it. */
export type Value = Scalar | readonly Scalar[] | { readonly [key: string]: Scalar };
/** Fields of a table. */
export type Table = { readonly [key: string]: Value };

/** Lines to paste: fields of the configuration, or one more entry of a list of tables. */
export interface Lines {
  /** Where they belong, from the top: `["durable_objects", "bindings"]`; empty at the top itself. */
  readonly at: readonly string[];
  /** Whether they are one more of a list. */
  readonly isEntry: boolean;
  readonly fields: Table;
}

/** Writes lines so that they can be pasted. */
export function written({ at, isEntry, fields }: Lines, format: Format): string {
  return format === "toml" ? asToml(at, isEntry, fields) : asJson(at, isEntry, fields);
}

function asToml(at: readonly string[], isEntry: boolean, fields: Table): string {
  const path = at.join(".");
  const head = at.length === 0 ? [] : [isEntry ? `[[${path}]]` : `[${path}]`];
  return [...head, ...Object.entries(fields).map(([key, value]) => `${key} = ${toml(value)}`)].join(
    "\n",
  );
}

function toml(value: Value): string {
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key} = ${toml(inner)}`)
    .join(", ")} }`;
}

function asJson(at: readonly string[], isEntry: boolean, fields: Table): string {
  const inner = isEntry ? [fields] : fields;
  const whole = at.reduceRight<unknown>((value, key) => ({ [key]: value }), inner);
  // Without the braces around all of it, which are there already.
  const lines = JSON.stringify(whole, null, 2).split("\n").slice(1, -1);
  return lines.map((line) => line.slice(2)).join("\n");
}
