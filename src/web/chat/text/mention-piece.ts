import type { Piece } from "./piece.ts";

/** Text with the mentions that the pattern finds set off. */
export function mentionPieces(text: string, mention: RegExp | undefined): readonly Piece[] {
  if (mention === undefined) return textPieces(text);
  const all: Piece[] = [];
  let from = 0;
  for (const { 0: found, 1: name = "", index } of text.matchAll(mention)) {
    const end = index + found.length;
    const start = end - name.length - 1;
    all.push(...textPieces(text.slice(from, start)));
    all.push({ kind: "mention", text: text.slice(start, end) });
    from = end;
  }
  all.push(...textPieces(text.slice(from)));
  return all;
}

function textPieces(text: string): readonly Piece[] {
  return text === "" ? [] : [{ kind: "text", text }];
}
