/** Hues that the style sheet has. */
const HUES = 8;

/** A person's initial in a colour that goes with the name. Decoration: the name is beside it. */
export function Avatar({ name }: { readonly name: string }) {
  return (
    <span class={`avatar hue-${hueOf(name)}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

function initialOf(name: string): string {
  const [first = "?"] = new Intl.Segmenter().segment(name.trim())[Symbol.iterator]();
  return typeof first === "string" ? first : first.segment.toLocaleUpperCase();
}

function hueOf(name: string): number {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}
