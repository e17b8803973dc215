import { readAddress, trimAddress } from "./address.ts";
import { mentionPieces } from "./mention-piece.ts";

/** A piece of a paragraph. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "mention"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "em"; readonly pieces: readonly Piece[] };

/** A part of a message that stands by itself. */
export type Block =
  | { readonly kind: "words"; readonly pieces: readonly Piece[] }
  | { readonly kind: "code"; readonly text: string };

/** Code between two lines of three backticks; what is behind the first of them names its language. */
const FENCED = /^```[^\n`]*\n([\s\S]*?)\n?^```[ \t]*$\n?/gm;

/**
 * What has a meaning within a paragraph; whatever begins first wins, so nothing within code has one.
 * An asterisk beside a space, or within a word, is an asterisk.
 */
const MARKED =
  /`(?<code>[^`\n]+)`|(?<url>https?:\/\/[^\s<>"'`]+)|(?<![\w*])\*\*(?<strong>(?![\s*])[^\n]*?[^\s*])\*\*(?![\w*])|(?<![\w*])\*(?<em>(?![\s*])[^*\n]*[^\s*])\*(?![\w*])/giu;

/** Emphasis within emphasis goes no deeper than anybody writes it. */
const DEPTH_MAX = 3;

/**
 * A message's text as blocks of pieces: code, emphasis, links and mentions. Only http and https
 * become links, and only if the address can be read; nothing in the text is ever markup.
 */
export function blocks(text: string, mentionedNames: readonly string[]): readonly Block[] {
  const all: Block[] = [];
  let from = 0;
  const words = (upTo: number) => {
    // The line end before a block belongs to it.
    const between = text.slice(from, upTo).replace(upTo < text.length ? /\n$/ : /$^/, "");
    if (between !== "") all.push({ kind: "words", pieces: pieces(between, mentionedNames) });
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
export function pieces(
  text: string,
  mentionedNames: readonly string[],
  depth = 0,
): readonly Piece[] {
  const all: Piece[] = [];
  let from = 0;
  const marked = new RegExp(MARKED);
  for (let match = marked.exec(text); match !== null; match = marked.exec(text)) {
    const found = readMark(match, mentionedNames, depth);
    if (found === undefined) continue;
    all.push(...mentionPieces(text.slice(from, match.index), mentionedNames), found.piece);
    from = match.index + found.length;
    marked.lastIndex = from;
  }
  all.push(...mentionPieces(text.slice(from), mentionedNames));
  return all;
}

/** The piece that a mark stands for, and how much of the text it takes; `undefined` if it is none. */
function readMark(
  match: RegExpExecArray,
  mentionedNames: readonly string[],
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
  return { piece: { kind, pieces: pieces(inner, mentionedNames, depth + 1) }, length };
}
