import { useLayoutEffect } from "hono/jsx/dom";
import { Brand } from "../../components/brand.tsx";
import { PageLinks } from "../../components/page-links.tsx";
import type { FeedState } from "../numbers/feed.ts";
import { DeadLetters } from "./dead-letters.tsx";
import { Numbers } from "./numbers.tsx";
import { useFeed } from "./use-feed.ts";

/** The numbers, and whether they are fresh. */
export function Board(props: {
  readonly apiKey: string;
  readonly refused: () => void;
  readonly leave: () => void;
}) {
  const feed = useFeed(props.apiKey);
  useLayoutEffect(() => {
    if (feed.state === "wrong_key") props.refused();
  }, [feed.state]);
  const { tone, words } = statusOf(feed);
  const problem = feed.state === "showing" ? feed.problem : undefined;
  return (
    <main class="board">
      <header class="board-header">
        <Brand />
        <h1>Operations</h1>
        <p class={`status ${tone}`} role="status">
          {words}
        </p>
        <PageLinks current="/ops" />
        <button type="button" class="button" onClick={props.leave}>
          Forget the key
        </button>
      </header>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {feed.state === "showing" && <Numbers readings={feed.readings} />}
      {feed.state === "showing" && <DeadLetters apiKey={props.apiKey} />}
    </main>
  );
}

function statusOf(feed: FeedState): { readonly tone: string; readonly words: string } {
  switch (feed.state) {
    case "asking":
      return { tone: "reconnecting", words: "Asking the server…" };
    case "wrong_key":
      return { tone: "closed", words: "Wrong key" };
    case "showing":
      if (feed.problem !== undefined) return { tone: "closed", words: "No numbers" };
      return feed.paused ? { tone: "paused", words: "Paused" } : { tone: "open", words: "Live" };
  }
}
