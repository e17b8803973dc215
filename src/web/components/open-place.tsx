import type { Places } from "../places/places.ts";
import { GoTo } from "./go-to.tsx";

/** Goes to another place of a sort by name. */
export function OpenPlace(props: {
  readonly places: Places;
  /** What each of them is, in a word. */
  readonly what: string;
}) {
  const { places, what } = props;
  return (
    <GoTo
      what={what}
      pattern={places.pattern}
      rule="Letters, digits, and . _ ~ : -"
      go={(name) => location.assign(places.pathOf(name))}
    />
  );
}
