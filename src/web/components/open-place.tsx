import type { Places } from "../places/places.ts";
import { GoTo } from "./go-to.tsx";

/** Goes to another place of a sort by name. */
export function OpenPlace({ places }: { readonly places: Places }) {
  return (
    <GoTo
      what={places.what}
      pattern={places.pattern}
      rule="Letters, digits, and . _ ~ : -"
      go={(name) => location.assign(places.pathOf(name))}
    />
  );
}
