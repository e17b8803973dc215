import type { Doc } from "yjs";
import type { Json } from "../protocol/json.ts";
import { type Building, build } from "./building.ts";
import { plainValue } from "./plain-value.ts";
import { type RootType, rootTypes } from "./root-type.ts";

/**
 * A document as JSON, by root. A root whose content does not tell its type is `null`, unless `roots`
 * tells it; a root that `roots` alone names is empty.
 */
export function exportJson(
  parts: readonly Uint8Array[],
  roots: ReadonlyMap<string, RootType> = new Map(),
): Building<Readonly<Record<string, Json>>> {
  return build(parts, (doc) => {
    const types = new Map([...rootTypes(doc), ...roots]);
    return Object.fromEntries([...types].map(([name, type]) => [name, jsonOf(doc, name, type)]));
  });
}

function jsonOf(doc: Doc, name: string, type: RootType | undefined): Json {
  switch (type) {
    case "text":
      return doc.getText(name).toString();
    case "map":
      return plainValue(doc.getMap(name).toJSON());
    case "array":
      return plainValue(doc.getArray(name).toJSON());
    case "xml":
      return doc.getXmlFragment(name).toString();
    case undefined:
      return null;
  }
}

export type ExportedText =
  | { readonly kind: "text"; readonly text: string }
  /** None was named, and these are all texts. */
  | { readonly kind: "ambiguous"; readonly roots: readonly string[] };

/**
 * One text of a document, without its marks. Without a name it is the only text, or the only root when
 * that is empty; a document that was never written to is an empty text.
 */
export function exportText(parts: readonly Uint8Array[], root?: string): Building<ExportedText> {
  return build(parts, (doc) => {
    if (root !== undefined) return { kind: "text", text: doc.getText(root).toString() };
    const types = [...rootTypes(doc)];
    const texts = types.filter(([, type]) => type === "text");
    const candidates = texts.length > 0 ? texts : types.filter(([, type]) => type === undefined);
    const names = candidates.map(([name]) => name);
    const [only] = names;
    if (names.length > 1 || (only === undefined && types.length > 0))
      return { kind: "ambiguous", roots: names };
    return { kind: "text", text: only === undefined ? "" : doc.getText(only).toString() };
  });
}
