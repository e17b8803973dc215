import { shownName } from "../text/name.ts";

/** Hues that the style sheet has. */
const HUES = 8;

/** A person's initial in a colour that goes with the name. Decoration: the name is beside it. */
export function Avatar(props: {
  readonly name: string;
  /** What tells the person from a namesake, who then has another colour. */
  readonly tail?: string | undefined;
}) {
  const name = shownName(props.name);
  return (
    <span class={`avatar hue-${hueOf(name + (props.tail ?? ""))}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

function initialOf(name: string): string {
  const [first = "?"] = new Intl.Segmenter().segment(name)[Symbol.iterator]();
  return typeof first === "string" ? first : first.segment.toLocaleUpperCase();
}

function hueOf(seed: string): number {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}
