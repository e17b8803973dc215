/** A piece of a message's text. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "mention"; readonly text: string };

const URL_START = /https?:\/\/[^\s<>"'`]+/gi;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?…。、）)\]}]+$/u;

/**
 * Cuts plain text into text, links and mentions. Only http and https become links, and only if the
 * address can be read; nothing else in the text has a meaning.
 */
export function pieces(text: string, mentionedNames: readonly string[]): readonly Piece[] {
  const all: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(URL_START)) {
    const address = trimAddress(match[0]);
    const href = readAddress(address);
    if (href === undefined) continue;
    all.push(...mentionPieces(text.slice(from, match.index), mentionedNames));
    all.push({ kind: "link", text: address, href });
    from = match.index + address.length;
  }
  all.push(...mentionPieces(text.slice(from), mentionedNames));
  return all;
}

/** A closing bracket stays when the address itself opened one, as Wikipedia's do. */
function trimAddress(address: string): string {
  const trimmed = address.replace(TRAILING, "");
  const cut = address.slice(trimmed.length);
  return cut.startsWith(")") && trimmed.includes("(") ? `${trimmed})` : trimmed;
}

function readAddress(address: string): string | undefined {
  const url = URL.parse(address);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

function mentionPieces(text: string, names: readonly string[]): readonly Piece[] {
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
