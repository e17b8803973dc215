import type { Cancel } from "./environment.ts";

/** Subscribes to a page being left, and to its coming back as it was; to nothing where there is no page. */
export function onPageExit(left: () => void, back: () => void): Cancel {
  if (typeof globalThis.addEventListener !== "function") return () => {};
  const subscribed = new AbortController();
  const { signal } = subscribed;
  globalThis.addEventListener("pagehide", left, { signal });
  const shown = ({ persisted }: PageTransitionEvent) => {
    if (persisted) back();
  };
  globalThis.addEventListener("pageshow", shown, { signal });
  return () => subscribed.abort();
}
