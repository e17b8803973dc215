import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { askServer, Feed, type FeedState } from "../numbers/feed.ts";

/** What the server says, asked again and again while the page is in view. */
export function useFeed(apiKey: string): FeedState {
  const feed = useMemo(() => new Feed((signal) => askServer(apiKey, signal), Date.now), [apiKey]);
  const [, show] = useState(feed.state);
  useLayoutEffect(() => {
    const look = () => (document.hidden ? feed.pause() : feed.start());
    const unsubscribe = feed.subscribe(() => show(feed.state));
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
      document.removeEventListener("visibilitychange", look);
      unsubscribe();
      feed.pause();
    };
  }, [feed]);
  return feed.state;
}
