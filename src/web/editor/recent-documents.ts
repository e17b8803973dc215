import { recentNames, rememberName } from "../identity/recent-names.ts";
import type { KeyValues } from "../identity/storage.ts";
import { FIRST_DOCUMENT } from "./document-path.ts";

const KEY = "hibiki.documents";

/** The document one is in, those visited on this device, and always the first one, by name. */
export function recentDocuments(storage: KeyValues, name: string): readonly string[] {
  return [...new Set([name, ...recentNames(storage, KEY), FIRST_DOCUMENT])].sort();
}

/** Puts a document on the list. */
export function rememberDocument(storage: KeyValues, name: string): void {
  rememberName(storage, KEY, name);
}
