import { BOUNDS } from "./limits.ts";

/** A value that JSON can carry. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * Whether a decoded value is plain JSON of bounded depth and well-formed text.
 *
 * MessagePack can carry dates, binary and bigints that a JSON reader could not be shown; lone
 * surrogates would reach MessagePack readers as invalid UTF-8; and their decoder refuses the key
 * `__proto__`, so one such key would break every one of them.
 */
export function isJson(value: unknown, depth: number = BOUNDS.jsonDepth): value is Json {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return true;
    case "object":
      if (value === null) return true;
      if (depth === 0) return false;
      return Array.isArray(value)
        ? value.every((item) => isJson(item, depth - 1))
        : isJsonObject(value, depth);
    default:
      return false;
  }
}

function isJsonObject(value: object, depth: number): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__" || !key.isWellFormed() || !isJson(item, depth - 1)) return false;
  }
  return true;
}

const encoder = new TextEncoder();

/** The size of a value as JSON text in UTF-8. */
export function jsonBytes(value: Json): number {
  return encoder.encode(JSON.stringify(value)).length;
}
