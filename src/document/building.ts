import { applyUpdate, Doc } from "yjs";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { nestsTooDeep } from "./nesting.ts";

/** What came of building a document in memory. */
export type Building<T> =
  | { readonly kind: "built"; readonly value: T }
  /** It would take more memory than an object has: it stays as it is. */
  | { readonly kind: "too_large"; readonly bytes: number }
  /** A part of it breaks a document (./quarantine.ts finds which). */
  | { readonly kind: "broken"; readonly reason: string };

/** Builds a document of its parts, the oldest first, for as long as `use` takes. */
export function build<T>(
  parts: readonly Uint8Array[],
  use: (doc: Doc) => T,
  builtBytes: number = YJS_BOUNDS.builtBytes,
): Building<T> {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  if (bytes > builtBytes) return { kind: "too_large", bytes };
  if (nestsTooDeep(parts)) return { kind: "broken", reason: "it nests too deeply" };
  const doc = new Doc();
  try {
    for (const part of parts) applyUpdate(doc, part);
    return { kind: "built", value: use(doc) };
  } catch (error) {
    // Yjs throws what it meets: a stack that is full, an index that is not there.
    return { kind: "broken", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    doc.destroy();
  }
}
