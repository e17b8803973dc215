/** What has a meaning of its own in a regular expression. */
const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;
/** What an `@` may not stand behind: it is within a word there, or within an address. */
const BEFORE = String.raw`(?:^|[^\p{L}\p{M}\p{N}_.%+\-/:=?&#@])`;
/** The name ends where the word does; Japanese puts さん and particles right behind it. */
const AFTER = String.raw`(?:(?![\p{L}\p{M}\p{N}_])|(?=\p{scx=Hiragana}))`;

/**
 * Finds `@name` of any of the names, the longest where several begin at one place: "@Ann Lee" does
 * not mention Ann. One pass over the text, however many names there are. The name is the first
 * group, at the end of the match; `undefined` if there is no name to find.
 */
export function mentionPattern(names: Iterable<string>): RegExp | undefined {
  const longestFirst = [...new Set(names)]
    .filter((name) => name !== "")
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(SYNTAX, "\\$&"));
  if (longestFirst.length === 0) return undefined;
  return new RegExp(`${BEFORE}@(${longestFirst.join("|")})${AFTER}`, "gu");
}
