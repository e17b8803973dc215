import { useLayoutEffect, useState } from "hono/jsx/dom";
import type { Connection } from "../../connection/connection.ts";
import type { Board } from "../state/board.ts";
import type { Watch } from "../watch.ts";

/** How often charts move on for those who asked for less motion, in milliseconds. */
const CALM_MS = 5_000;

/** How a watch is connected. */
export function useConnection(watch: Watch): Connection {
  const [connection, setConnection] = useState(watch.connection);
  useLayoutEffect(() => {
    const look = () => setConnection(watch.connection);
    look();
    return watch.subscribe(look);
  }, [watch]);
  return connection;
}

/** What a watch has heard, as of the last moment that the page was in view and not paused. */
export function useBoard(watch: Watch, isPaused: boolean): Board {
  const [board, setBoard] = useState(watch.board);
  useLayoutEffect(() => {
    if (isPaused) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lookedAt = 0;
    const look = () => {
      clearTimeout(timer);
      timer = undefined;
      // Nobody sees a hidden page, and drawing it is work; the watch remembers.
      if (document.visibilityState === "hidden") return;
      lookedAt = performance.now();
      setBoard(watch.board);
    };
    const changed = () => {
      const restMs = calm.matches ? lookedAt + CALM_MS - performance.now() : 0;
      timer ??= setTimeout(look, Math.max(0, restMs));
    };
    look();
    const unsubscribe = watch.subscribe(changed);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      unsubscribe();
      document.removeEventListener("visibilitychange", look);
    };
  }, [watch, isPaused]);
  return board;
}
