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
