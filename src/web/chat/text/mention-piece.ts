import type { Piece } from "./rich-text.ts";

/** Text with the names of those mentioned set off. */
export function mentionPieces(text: string, names: readonly string[]): readonly Piece[] {
  if (text === "") return [];
  const found = names
    .map((name) => ({ name, at: text.indexOf(`@${name}`) }))
    .filter(({ at }) => at !== -1)
    // The longest name wins where two begin at the same place.
    .sort((a, b) => a.at - b.at || b.name.length - a.name.length)[0];
  if (found === undefined) return [{ kind: "text", text }];
  const end = found.at + found.name.length + 1;
  return [
    ...(found.at === 0 ? [] : [{ kind: "text", text: text.slice(0, found.at) } as const]),
    { kind: "mention", text: text.slice(found.at, end) },
    ...mentionPieces(text.slice(end), names),
  ];
}
