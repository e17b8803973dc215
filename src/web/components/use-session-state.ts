import { useLayoutEffect, useState } from "hono/jsx/dom";

/** What knows something, and tells when it knows better. */
interface Knowing<State> {
  readonly state: State;
  readonly subscribe: (changed: () => void) => () => void;
}

/** What a session knows, again whenever it knows better. */
export function useSessionState<State>(session: Knowing<State>): State {
  const [, show] = useState(session.state);
  // A layout effect, for plain ones wait until the tab is painted: a hidden tab would hear nothing.
  useLayoutEffect(() => {
    show(session.state);
    return session.subscribe(() => show(session.state));
  }, [session]);
  return session.state;
}
