import { useMemo } from "hono/jsx/dom";
import type { Block, Piece } from "../text/piece.ts";
import { blocks } from "../text/rich-text.ts";

/** A message's text, each of its paragraphs in its own direction; made of text alone, never markup. */
export function MessageText(props: {
  readonly text: string;
  readonly mentions: readonly string[] | undefined;
  /** What people are called, by user id. */
  readonly names: ReadonlyMap<string, string>;
}) {
  const { text, mentions, names } = props;
  // A line is drawn again whenever the pointer comes or goes.
  const parts = useMemo(
    () => blocks(text, mentions?.flatMap((id) => names.get(id) ?? []) ?? []),
    [text, mentions, names],
  );
  return <div class="text">{parts.map(block)}</div>;
}

function block(one: Block) {
  return one.kind === "code" ? (
    <pre dir="ltr">
      <code>{one.text}</code>
    </pre>
  ) : (
    <p dir="auto">{one.pieces.map(shown)}</p>
  );
}

function shown(piece: Piece): unknown {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "mention":
      return <bdi class="mention">{piece.text}</bdi>;
    case "code":
      return <code dir="ltr">{piece.text}</code>;
    case "strong":
      return <strong>{piece.pieces.map(shown)}</strong>;
    case "em":
      return <em>{piece.pieces.map(shown)}</em>;
    case "link":
      return (
        <a href={piece.href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
          {piece.text}
        </a>
      );
  }
}
