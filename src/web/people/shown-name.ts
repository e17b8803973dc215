/** Control characters, and those that turn the direction of text: an old store may have them in names. */
const UNSEEN = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/** A name as it may be shown: nothing in it reaches beyond it, and it is never empty. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, "").trim() || "?";
}

/** What shows nothing: two ids that differ in it alone would look the same. */
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

/** A user id, or an end of one, as it may be shown: its issuer may put anything in, and nothing is hidden. */
export function shownId(id: string): string {
  return id.replace(INVISIBLE, (char) => {
    const code = char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    return `[U+${code}]`;
  });
}

/** A name inside a sentence that no element can be put into: its direction stays its own. */
export function isolated(name: string): string {
  return FIRST_STRONG_ISOLATE + shownName(name) + POP_ISOLATE;
}

/** "A", "A and B", "A, B and C". */
export function listNames(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
