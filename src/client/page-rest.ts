import type { Cancel } from "./environment.ts";

/**
 * Calls when nobody steers by this page any more: it has lost the focus, is hidden, or is left. Never,
 * where there is no page.
 */
export function onPageRest(rest: () => void): Cancel {
  if (typeof globalThis.addEventListener !== "function") return () => {};
  // Absent in workers, whatever the DOM's types say.
  const page: Document | undefined = globalThis.document;
  const subscribed = new AbortController();
  const { signal } = subscribed;
  const hidden = () => {
    if (page?.visibilityState === "hidden") rest();
  };
  for (const type of ["blur", "pagehide"]) globalThis.addEventListener(type, rest, { signal });
  page?.addEventListener("visibilitychange", hidden, { signal });
  return () => subscribed.abort();
}
