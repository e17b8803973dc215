import { type Piece, pieces } from "../text/rich-text.ts";

/** A message's text: plain, with addresses to follow and the names of those mentioned set off. */
export function MessageText(props: {
  readonly text: string;
  readonly mentionedNames: readonly string[];
}) {
  return <p class="text">{pieces(props.text, props.mentionedNames).map(shown)}</p>;
}

function shown(piece: Piece) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "mention":
      return <span class="mention">{piece.text}</span>;
    case "link":
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {piece.text}
        </a>
      );
  }
}
