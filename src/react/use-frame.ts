import { useEffect, useRef } from "react";

/**
 * Calls before each picture that the browser shows, while a component is mounted and its page is seen.
 *
 * @param run is handed the time, in milliseconds as `performance.now` tells it; of several renderings the
 * last one's is called.
 */
export function useFrame(run: (now: number) => void): void {
  const newest = useRef(run);
  useEffect(() => {
    newest.current = run;
  });
  useEffect(() => {
    let asked = 0;
    const show = (now: number) => {
      // First, so that a picture that fails is not the last one.
      asked = requestAnimationFrame(show);
      newest.current(now);
    };
    asked = requestAnimationFrame(show);
    return () => cancelAnimationFrame(asked);
  }, []);
}
