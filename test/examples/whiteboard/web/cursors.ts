import type { PersonHere } from "hibiki/client";
import { type board, HEIGHT, WIDTH } from "../shared/board.ts";

/** Puts a name where each of the others points. */
export function showCursors(
  place: HTMLElement,
  people: readonly PersonHere<typeof board>[],
  me: string | undefined,
): void {
  const gone = new Set([...place.children].map(({ id }) => id));
  for (const { userId, name, data } of people) {
    if (userId === me || data === undefined) continue;
    const id = `cursor-${userId}`;
    gone.delete(id);
    const cursor = document.getElementById(id) ?? place.appendChild(cursorOf(id, name));
    const x = (data.x / WIDTH) * place.clientWidth;
    const y = (data.y / HEIGHT) * place.clientHeight;
    cursor.style.transform = `translate(${x}px, ${y}px)`;
    cursor.style.backgroundColor = data.color;
  }
  for (const id of gone) document.getElementById(id)?.remove();
}

function cursorOf(id: string, name: string): HTMLElement {
  const cursor = document.createElement("span");
  cursor.id = id;
  cursor.dir = "auto";
  cursor.textContent = name;
  return cursor;
}
