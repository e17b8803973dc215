import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";

/** Something that opens beside the button it belongs to. */
export interface Popup {
  readonly isOpen: boolean;
  /** Of the element that holds both. */
  readonly frame: { current: HTMLElement | null };
  toggle(): void;
  /** Closes it; the focus goes back to the button if it was inside. */
  close(): void;
}

/** Opens with the focus on the first `.popup` inside; closes by Escape, and when one goes elsewhere. */
export function usePopup(): Popup {
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLElement>(null);
  const holds = (target: EventTarget | null) =>
    target instanceof Node && frame.current?.contains(target) === true;
  const close = () => {
    if (holds(document.activeElement)) frame.current?.querySelector("button")?.focus();
    setOpen(false);
  };

  useLayoutEffect(() => {
    if (!isOpen) return;
    frame.current?.querySelector<HTMLElement>(".popup")?.focus();
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
    };
    const went = ({ target }: Event) => {
      if (!holds(target)) setOpen(false);
    };
    addEventListener("keydown", pressed);
    addEventListener("pointerdown", went);
    addEventListener("focusin", went);
    return () => {
      removeEventListener("keydown", pressed);
      removeEventListener("pointerdown", went);
      removeEventListener("focusin", went);
    };
  }, [isOpen]);

  return { isOpen, frame, toggle: () => (isOpen ? close() : setOpen(true)), close };
}
