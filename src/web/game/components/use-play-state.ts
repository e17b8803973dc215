import { useLayoutEffect, useState } from "hono/jsx/dom";
import type { ArenaSession } from "../session.ts";
import type { PlayState } from "../state/play-state.ts";

/** What a session knows, again whenever it knows better. */
export function usePlayState(session: ArenaSession): PlayState {
  const [, show] = useState(session.state);
  // A layout effect, for plain ones wait until the tab is painted: a hidden tab would hear nothing.
  useLayoutEffect(() => {
    show(session.state);
    return session.subscribe(() => show(session.state));
  }, [session]);
  return session.state;
}
