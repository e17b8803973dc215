import { utf8Bytes } from "../../protocol/utf8.ts";

/** A page: the JSON text of each entry, oldest first. */
export interface Page {
  readonly entries: readonly string[];
  readonly hasMore: boolean;
}

/**
 * As many of the entries, from the first, as a page may hold; at least one, if there is any. No more
 * of them are read than the one that is too many.
 */
export function pageOf(entries: Iterable<string>, limit: number, maxBytes: number): Page {
  const page: string[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += utf8Bytes(entry);
    if (page.length === limit || (page.length > 0 && bytes > maxBytes)) {
      return { entries: page, hasMore: true };
    }
    page.push(entry);
  }
  return { entries: page, hasMore: false };
}
