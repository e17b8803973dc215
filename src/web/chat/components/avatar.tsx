/** Hues that the style sheet has. */
const HUES = 8;

/** A person's initial in a colour of their own. Decoration: the name is always beside it. */
export function Avatar({ userId, name }: { readonly userId: string; readonly name: string }) {
  return (
    <span class={`avatar hue-${hueOf(userId)}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

function initialOf(name: string): string {
  const [first = "?"] = new Intl.Segmenter().segment(name.trim())[Symbol.iterator]();
  return typeof first === "string" ? first : first.segment.toLocaleUpperCase();
}

function hueOf(userId: string): number {
  let hash = 0;
  for (const char of userId) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}
