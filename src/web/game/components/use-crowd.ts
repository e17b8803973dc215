import { useLayoutEffect, useState } from "hono/jsx/dom";
import type { ArenaSession } from "../session.ts";
import { areSame, type Standing, standingsOf, watchersOf } from "../state/standing.ts";

/** How often the table is looked at anew: quicker than anybody reads it, slower than the game is told. */
const LOOK_MS = 250;

/** Who is in a session's game. */
export interface Crowd {
  readonly standings: readonly Standing[];
  /** How many people watch, and do not play. */
  readonly watchers: number;
}

/** Who is in a session's game, and how they stand. */
export function useCrowd(session: ArenaSession): Crowd {
  const [standings, setStandings] = useState<readonly Standing[]>([]);
  const [watchers, setWatchers] = useState(0);
  useLayoutEffect(() => {
    const look = () => {
      const now = standingsOf(session.room?.players() ?? []);
      setStandings((before) => (areSame(before, now) ? before : now));
      setWatchers(watchersOf(session.room?.users ?? [], now));
    };
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [session]);
  return { standings, watchers };
}
