import { useCallback, useState, useSyncExternalStore } from "react";
import type { Handle } from "./held.ts";
import type { Place } from "./place.ts";
import { same } from "./same.ts";

/**
 * What a component sees of a room, as it is by now: the same object for as long as its value is the
 * same, so that a component is rendered again for what it sees, and for nothing else.
 *
 * @param before what it sees on a server, and while what that has rendered is taken over.
 */
export function useView<H extends Handle, View>(
  place: Place<H>,
  read: (handle: H) => View,
  before: View,
): View {
  const [seen] = useState<{ view?: View }>(() => ({}));
  const subscribe = useCallback((changed: () => void) => place.held.hold(changed), [place]);
  const snapshot = (): View => {
    const { held } = place;
    held.touch();
    const view = read(held.handle);
    if (seen.view !== undefined && same(seen.view, view)) return seen.view;
    seen.view = view;
    return view;
  };
  return useSyncExternalStore(subscribe, snapshot, () => before);
}
