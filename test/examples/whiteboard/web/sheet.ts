import type { Stroke } from "../shared/board.ts";

/** A stroke that is not on the sheet yet. */
type Begun = { readonly color: string; readonly points: readonly number[] };

/** Draws strokes on a canvas: all of them when they have changed, and the one that is being drawn. */
export function sheet(canvas: HTMLCanvasElement) {
  const context = canvas.getContext("2d");
  let shown: readonly Stroke[] | undefined;
  let length = 0;
  return {
    draw(strokes: readonly Stroke[], begun: Begun): void {
      if (context === null) return;
      // A state that has changed is another object.
      if (strokes === shown && begun.points.length === length) return;
      shown = strokes;
      length = begun.points.length;
      context.clearRect(0, 0, canvas.width, canvas.height);
      for (const stroke of [...strokes, begun]) drawStroke(context, stroke);
    },
  };
}

function drawStroke(context: CanvasRenderingContext2D, { color, points }: Begun): void {
  const [x = 0, y = 0] = points;
  if (points.length === 0) return;
  context.strokeStyle = color;
  context.lineWidth = 3;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(x, y);
  // A point is a line to itself.
  for (let index = 0; index < points.length; index += 2) {
    context.lineTo(points[index] ?? x, points[index + 1] ?? y);
  }
  context.stroke();
}
