import { RealtimeClient } from "hibiki/client";
import { board } from "../shared/board.ts";
import { showCursors } from "./cursors.ts";
import { guestToken } from "./guest.ts";
import { pen } from "./pen.ts";
import { sheet } from "./sheet.ts";

/** Dark enough for white text on them. */
const COLORS = ["#b3261e", "#1d4ed8", "#15803d", "#a21caf", "#9a3412", "#0f766e"] as const;

const client = new RealtimeClient({ url: location.origin, token: guestToken });
const room = client.room(board, "board:lobby");
const color = COLORS[Math.floor(Math.random() * COLORS.length)] ?? COLORS[0];

const canvas = find("sheet", HTMLCanvasElement);
const undo = find("undo", HTMLButtonElement);
const status = find("status", HTMLElement);
const paper = sheet(canvas);
const drawing = pen(canvas, {
  moved: (x, y) => room.present({ x, y, color }),
  left: () => room.present(null),
  drawn: (points) => {
    // Shown at once, and again as it is stored.
    room.send("drawn", { color, points }, { optimistic: true }).catch(showError);
  },
});

undo.addEventListener("click", () => {
  const last = mine().at(-1);
  if (last !== undefined) room.send("erased", { id: last.id }).catch(showError);
});
room.subscribe(showWords);
requestAnimationFrame(draw);

/** However often something comes, it is drawn with the screen's next picture. */
function draw(): void {
  paper.draw(room.state?.strokes ?? [], { color, points: drawing.points });
  showCursors(find("cursors", HTMLElement), room.users, room.userId);
  requestAnimationFrame(draw);
}

function showWords(): void {
  const { state, users, status: connection } = room;
  const strokes = state?.strokes.length ?? 0;
  const words = `${connection}: ${users.length} here, ${strokes} strokes`;
  // It is read out: only what is new.
  if (status.textContent !== words) status.textContent = words;
  undo.disabled = mine().length === 0;
}

function mine() {
  return (room.state?.strokes ?? []).filter(({ by }) => by === room.userId);
}

function showError(error: unknown): void {
  status.textContent = error instanceof Error ? error.message : "That did not work.";
}

function find<E extends HTMLElement>(id: string, of: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof of)) throw new Error(`The page has no #${id}.`);
  return element;
}
