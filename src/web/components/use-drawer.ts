import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";

/** From this width on the drawer is always in view, as the style sheet has it. */
const WIDE = "(width >= 52rem)";

/** A part of the page that is folded away when narrow. */
export interface Drawer {
  readonly isOpen: boolean;
  open(): void;
  close(): void;
}

/** Opens with the focus inside, and gives it back when closed, by Escape or by a wider page too. */
export function useDrawer(id: string): Drawer {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<Element>(null);
  const close = () => setOpen(false);

  useLayoutEffect(() => {
    if (!isOpen) {
      if (opener.current instanceof HTMLElement) opener.current.focus();
      opener.current = null;
      return;
    }
    document.getElementById(id)?.querySelector<HTMLElement>("a, button")?.focus();
    const pressed = ({ key }: KeyboardEvent) => {
      if (key === "Escape") close();
    };
    const wide = matchMedia(WIDE);
    addEventListener("keydown", pressed);
    wide.addEventListener("change", close);
    return () => {
      removeEventListener("keydown", pressed);
      wide.removeEventListener("change", close);
    };
  }, [isOpen]);

  const open = () => {
    opener.current = document.activeElement;
    setOpen(true);
  };
  return { isOpen, open, close };
}
