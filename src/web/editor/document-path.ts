import { roomNameFault } from "../../protocol/room-name.ts";

/** Where one lands without naming a document. */
export const FIRST_DOCUMENT = "welcome";

const PREFIX = "document:";
const PATH = /^\/editor\/([^/]+)\/?$/;
/** In the address of a link with which one reads only. */
const READING = "read";

/** A document's name, as an HTML `pattern`. */
export const DOCUMENT_PATTERN = "[A-Za-z0-9._~:\\-]{1,119}";

/** The document that a path names; the first one for `/editor`, `undefined` for what is no document's name. */
export function documentOfPath(path: string): string | undefined {
  if (/^\/editor\/?$/.test(path)) return FIRST_DOCUMENT;
  const said = decode(PATH.exec(path)?.[1] ?? "");
  // The SDK takes a name with the prefix and without.
  const name = said.startsWith(PREFIX) ? said.slice(PREFIX.length) : said;
  return isDocument(name) ? name : undefined;
}

/** The path of a document. */
export function pathOfDocument(name: string): string {
  // A colon may stand in a path as it is (RFC 3986 §3.3), and reads better.
  return `/editor/${encodeURIComponent(name).replaceAll("%3A", ":")}`;
}

/** The path of a document with which one reads only. */
export function readingPath(name: string): string {
  return `${pathOfDocument(name)}?${READING}`;
}

/** Whether an address's query is that of a link with which one reads only. */
export function isReading(search: string): boolean {
  return new URLSearchParams(search).has(READING);
}

/** The room by which a token grants a document. */
export function roomOfDocument(name: string): string {
  return PREFIX + name;
}

function isDocument(name: string): boolean {
  // `.` and `..` are lost from an address before it arrives.
  return name !== "" && name !== "." && name !== ".." && roomNameFault(PREFIX + name) === undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
