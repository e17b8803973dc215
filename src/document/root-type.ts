import {
  ContentDeleted,
  ContentEmbed,
  ContentFormat,
  ContentString,
  ContentType,
  type Doc,
  XmlElement,
  XmlHook,
  XmlText,
} from "yjs";

/** What the top of a document may be. Its updates do not tell: it is what those who open it say. */
export const ROOT_TYPES = ["text", "map", "array", "xml"] as const;
export type RootType = (typeof ROOT_TYPES)[number];

/**
 * The type of each root, as far as what is in it tells; `undefined` where all of it was deleted. What
 * holds letters or marks is a text, elements make XML, other items an array, and names alone a map.
 */
export function rootTypes(doc: Doc): ReadonlyMap<string, RootType | undefined> {
  return new Map([...doc.share].map(([name, root]) => [name, typeOf(root)]));
}

type Root = Doc["share"] extends Map<string, infer Type> ? Type : never;

function typeOf(root: Root): RootType | undefined {
  let type: RootType | undefined;
  for (let item = root._start; item !== null; item = item.right) {
    const { content } = item;
    if (content instanceof ContentDeleted) continue;
    if (isOfText(content)) return "text";
    // Shared types may stand in a text as well: what comes later may still be letters.
    type ??= isXml(content) ? "xml" : "array";
  }
  return type ?? (root._map.size > 0 ? "map" : undefined);
}

function isOfText(content: unknown): boolean {
  return (
    content instanceof ContentString ||
    content instanceof ContentFormat ||
    content instanceof ContentEmbed
  );
}

function isXml(content: unknown): boolean {
  if (!(content instanceof ContentType)) return false;
  const { type } = content;
  return type instanceof XmlElement || type instanceof XmlText || type instanceof XmlHook;
}

/** Reads `t:text,m:map`, which names the types of roots. */
export function parseRoots(
  text: string,
):
  | { readonly ok: true; readonly roots: ReadonlyMap<string, RootType> }
  | { readonly ok: false; readonly fault: string } {
  const roots = new Map<string, RootType>();
  for (const part of text.split(",")) {
    const colon = part.lastIndexOf(":");
    const type = ROOT_TYPES.find((one) => one === part.slice(colon + 1));
    if (colon < 0 || type === undefined)
      return { ok: false, fault: `"${part}" is no root and its type, such as notes:text` };
    roots.set(part.slice(0, colon), type);
  }
  return { ok: true, roots };
}
