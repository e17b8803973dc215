import { useLayoutEffect, useState } from "hono/jsx/dom";

/** The time in milliseconds, every half second while it is wanted. */
export function useNow(isWanted: boolean): number {
  const [, setNow] = useState(0);
  useLayoutEffect(() => {
    if (!isWanted) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isWanted]);
  return Date.now();
}
