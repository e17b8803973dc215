import { useLayoutEffect, useState } from "hono/jsx/dom";

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Whether the device is in dark mode. */
export function useDark(): boolean {
  const [isDark, setDark] = useState(DARK.matches);
  useLayoutEffect(() => {
    const changed = () => setDark(DARK.matches);
    DARK.addEventListener("change", changed);
    return () => DARK.removeEventListener("change", changed);
  }, []);
  return isDark;
}
