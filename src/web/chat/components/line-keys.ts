/** Moves the focus from line to line with the arrow keys; fields and toolbars keep their own. */
export function stepThroughLines(event: KeyboardEvent, list: HTMLElement | null): void {
  const { target } = event;
  if (list === null || !(target instanceof HTMLElement) || target.closest("textarea, .actions")) {
    return;
  }
  const line = target.closest<HTMLElement>(".line");
  const next = nextLine(event.key, line, list);
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  } else if (event.key === "Escape" && line !== null) {
    list.closest<HTMLElement>(".log")?.focus();
  }
}

function nextLine(key: string, line: HTMLElement | null, list: HTMLElement): Element | null {
  switch (key) {
    case "ArrowUp":
      return line === null ? list.lastElementChild : line.previousElementSibling;
    case "ArrowDown":
      return line?.nextElementSibling ?? null;
    case "Home":
      return list.firstElementChild;
    case "End":
      return list.lastElementChild;
    default:
      return null;
  }
}
