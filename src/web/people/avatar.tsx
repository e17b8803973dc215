import { hueClass } from "./hue.ts";
import { shownName } from "./shown-name.ts";

/** A person's initial in a colour that goes with the name. Decoration: the name is beside it. */
export function Avatar(props: {
  readonly name: string;
  /** What tells the person from a namesake, who then has another colour. */
  readonly tail?: string | undefined;
  /** What the colour goes with in place of the name. */
  readonly seed?: string;
}) {
  const name = shownName(props.name);
  return (
    <span class={`avatar ${hueClass(props.seed ?? name + (props.tail ?? ""))}`} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

/** The first character as a reader sees it; Firefox before 125 knows code points alone. */
function initialOf(name: string): string {
  const { Segmenter } = Intl as Partial<Pick<typeof Intl, "Segmenter">>;
  const [first] = Segmenter === undefined ? name : [...new Segmenter().segment(name)];
  return (typeof first === "object" ? first.segment : (first ?? "?")).toLocaleUpperCase();
}
