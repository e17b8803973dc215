import { HEIGHT, WIDTH } from "../shared/board.ts";

/** A stroke is sent when it is as long as this, and goes on as another one. */
const NUMBERS_MOST = 400;

/** What a pen tells; all in units of the sheet. */
interface Pen {
  moved(x: number, y: number): void;
  left(): void;
  /** A stroke has its end: x, y, x, y … */
  drawn(points: number[]): void;
}

/** Follows a mouse, a pen or a finger over the sheet; what it has of the stroke that it draws. */
export function pen(
  canvas: HTMLCanvasElement,
  { moved, left, drawn }: Pen,
): {
  readonly points: readonly number[];
} {
  let points: number[] = [];
  const at = ({ offsetX, offsetY }: PointerEvent) => {
    const x = Math.round((offsetX / canvas.clientWidth) * WIDTH);
    const y = Math.round((offsetY / canvas.clientHeight) * HEIGHT);
    return [Math.min(WIDTH, Math.max(0, x)), Math.min(HEIGHT, Math.max(0, y))] as const;
  };
  const finish = () => {
    if (points.length > 0) drawn(points);
    points = [];
  };
  const end = ({ isPrimary }: PointerEvent) => {
    if (isPrimary) finish();
  };
  canvas.addEventListener("pointerdown", (event) => {
    // Another finger, or another button than the first, draws nothing and breaks nothing off.
    if (!event.isPrimary || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    points = [...at(event)];
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!event.isPrimary) return;
    const [x, y] = at(event);
    moved(x, y);
    if (points.length === 0) return;
    points.push(x, y);
    if (points.length < NUMBERS_MOST) return;
    finish();
    points = [x, y];
  });
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", left);
  return {
    get points() {
      return points;
    },
  };
}
