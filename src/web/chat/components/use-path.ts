import { useLayoutEffect, useState } from "hono/jsx/dom";

/** The page's path, and how to go elsewhere without loading the page again. */
export function usePath(): readonly [path: string, go: (path: string) => void] {
  const [path, setPath] = useState(location.pathname);
  useLayoutEffect(() => {
    const moved = () => setPath(location.pathname);
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, []);
  return [
    path,
    (next) => {
      history.pushState(null, "", next);
      setPath(next);
    },
  ];
}
