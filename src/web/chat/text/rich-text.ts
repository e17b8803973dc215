import { readAddress, trimAddress } from "./address.ts";
import { mentionPattern } from "./mention-pattern.ts";
import { mentionPieces } from "./mention-piece.ts";
import type { Block, Piece } from "./piece.ts";

/** Code between two lines of three backticks; what is behind the first of them names its language. */
const FENCED = /^```[^\n`]*\n([\s\S]*?)\n?^```[ \t]*$\n?/gm;

/** Scripts that set no space between words: what stands beside one of theirs is not within a word. */
const SPACELESS = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
/** What emphasis may touch on neither side. */
const WORD = String.raw`(?!${SPACELESS})[\p{L}\p{M}\p{N}_*]`;

/**
 * What has a meaning within a paragraph; whatever begins first wins, so nothing within code has one.
 * An asterisk beside a space, or within a word, is an asterisk.
 */
const MARKED = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "(?<url>https?:\\/\\/[^\\s<>\"'`]+)",
    String.raw`\*\*(?<strong>(?![\s*])[^\n]*?[^\s*])\*\*(?!${WORD})`,
    String.raw`\*(?<em>(?![\s*])[^*\n]*[^\s*])\*(?!${WORD})`,
  ].join("|"),
  "giu",
);
/** Looked for by itself rather than by lookbehind, with which Safari before 16.4 reads no script. */
const ENDS_IN_WORD = new RegExp(`${WORD}$`, "u");

/** Emphasis within emphasis goes no deeper than anybody writes it. */
const DEPTH_MAX = 3;

/**
 * A message's text as blocks of pieces: code, emphasis, links and mentions. Only http and https
 * become links, and only if the address can be read; nothing in the text is ever markup.
 */
export function blocks(text: string, mentionedNames: readonly string[]): readonly Block[] {
  const mention = mentionPattern(mentionedNames);
  const all: Block[] = [];
  let from = 0;
  const words = (upTo: number) => {
    // The line end before a block belongs to it.
    const between = text.slice(from, upTo).replace(upTo < text.length ? /\n$/ : /$^/, "");
    if (between !== "") all.push({ kind: "words", pieces: piecesOf(between, mention, 0) });
  };
  for (const match of text.matchAll(FENCED)) {
    words(match.index);
    all.push({ kind: "code", text: match[1] ?? "" });
    from = match.index + match[0].length;
  }
  words(text.length);
  return all;
}

/** The pieces of a text without blocks. */
export function pieces(text: string, mentionedNames: readonly string[]): readonly Piece[] {
  return piecesOf(text, mentionPattern(mentionedNames), 0);
}

function piecesOf(text: string, mention: RegExp | undefined, depth: number): readonly Piece[] {
  const all: Piece[] = [];
  let from = 0;
  const marked = new RegExp(MARKED);
  for (let match = marked.exec(text); match !== null; match = marked.exec(text)) {
    if (match[0].startsWith("*") && isWithinWord(text, match.index)) {
      marked.lastIndex = match.index + 1;
      continue;
    }
    const found = readMark(match, mention, depth);
    if (found === undefined) continue;
    all.push(...mentionPieces(text.slice(from, match.index), mention), found.piece);
    from = match.index + found.length;
    marked.lastIndex = from;
  }
  all.push(...mentionPieces(text.slice(from), mention));
  return all;
}

function isWithinWord(text: string, index: number): boolean {
  // Two units, because a letter may take both.
  return ENDS_IN_WORD.test(text.slice(Math.max(0, index - 2), index));
}

/** The piece that a mark stands for, and how much of the text it takes; `undefined` if it is none. */
function readMark(
  match: RegExpExecArray,
  mention: RegExp | undefined,
  depth: number,
): { readonly piece: Piece; readonly length: number } | undefined {
  const { length } = match[0];
  const { code, url, strong, em } = match.groups ?? {};
  if (code !== undefined) return { piece: { kind: "code", text: code }, length };
  if (url !== undefined) {
    const address = trimAddress(url);
    const href = readAddress(address);
    if (href === undefined) return undefined;
    return { piece: { kind: "link", text: address, href }, length: address.length };
  }
  const inner = strong ?? em;
  if (inner === undefined || depth >= DEPTH_MAX) return undefined;
  const kind = strong === undefined ? "em" : "strong";
  return { piece: { kind, pieces: piecesOf(inner, mention, depth + 1) }, length };
}
