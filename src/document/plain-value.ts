import { toBase64 } from "lib0/buffer";
import { Doc } from "yjs";
import type { Json } from "../protocol/json.ts";

/**
 * A value of a document as JSON can hold it: bytes in base64, a large integer as a text, a document
 * within it as its id, and what JSON has no word for as `null`.
 */
export function plainValue(value: unknown): Json {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return toBase64(value);
  if (value instanceof Doc) return value.guid;
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return null;
  // Not by assignment: a member may be named "__proto__".
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, plainValue(member)]),
  );
}
