import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import { comingWords } from "../../people/coming-words.ts";
import type { Standing } from "../state/standing.ts";
import { leaderWords } from "../text/words.ts";

/** Coins go fast: more than this is not read out. */
const GAP_MS = 5_000;

/** Who comes, goes and leads, for whoever does not see it. */
export function Announcements(props: { readonly standings: readonly Standing[] }) {
  const newest = useRef(props.standings);
  newest.current = props.standings;
  const told = useRef<{ readonly standings: readonly Standing[]; readonly leader: string }>(null);
  const [words, say] = useState("");
  useLayoutEffect(() => {
    const timer = setInterval(() => {
      const standings = newest.current ?? [];
      const leader = leaderWords(standings);
      // Who was here before one came oneself did not come.
      const before = told.current ?? { standings, leader };
      told.current = { standings, leader };
      const coming = comingWords(before.standings, standings);
      const news = [coming, leader === before.leader ? "" : leader].filter((part) => part !== "");
      if (news.length > 0) say(news.join(" "));
    }, GAP_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="visually-hidden" aria-live="polite">
      {words}
    </p>
  );
}
