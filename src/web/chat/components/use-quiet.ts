import { useLayoutEffect, useState } from "hono/jsx/dom";

/** Long enough for a screen reader to have taken in what is not to be read out. */
const QUIET_MS = 600;

/** Whether something is busy, or was until a moment ago: what came with it is no news. */
export function useQuiet(isBusy: boolean): boolean {
  const [isQuiet, setQuiet] = useState(true);
  useLayoutEffect(() => {
    if (isBusy) {
      setQuiet(true);
      return;
    }
    const timer = setTimeout(() => setQuiet(false), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isBusy]);
  return isBusy || isQuiet;
}
