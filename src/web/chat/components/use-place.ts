import { useLayoutEffect, useState } from "hono/jsx/dom";
import { type Place, placeOf } from "../room-path.ts";

/**
 * What the address names, and how to go elsewhere without loading the page again. A new object each
 * time one goes somewhere, be it to the same place.
 */
export function usePlace(): readonly [place: Place, go: (path: string) => void] {
  const [place, setPlace] = useState(() => placeOf(location));
  const look = () => setPlace(placeOf(location));
  useLayoutEffect(() => {
    addEventListener("popstate", look);
    return () => removeEventListener("popstate", look);
  }, []);
  return [
    place,
    (path) => {
      history.pushState(null, "", path);
      look();
    },
  ];
}
