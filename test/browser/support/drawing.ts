/** A moment, by the clock that all pages of a machine share, and by the frames of this page. */
export interface Moment {
  readonly at: number;
  readonly frame: number;
}

/** What a page draws on its canvas, as {@link recordDrawing} sees it. */
export interface Drawing {
  /** How many frames there were, and on how many of them something was drawn. */
  frames: number;
  drawn: number;
  /** Middles of players, by the names over them, in CSS pixels. */
  readonly places: Record<string, { x: number; y: number }>;
  /** When each was last drawn elsewhere, by the page's own clock. */
  readonly movedAt: Record<string, number>;
  /** The middle of what is drawn first on each frame. */
  coin: { x: number; y: number } | undefined;
  /** The first of each since they were forgotten. */
  firsts: { pressed?: Moment; readonly moves: Record<string, Moment> };
}

declare global {
  // `var`, for nothing else is a member of `globalThis`.
  var drawing: Drawing;
}

/**
 * Runs in a page before its own scripts: watches what is drawn, over the platform's own canvas. A name is
 * the text that is drawn over a player, and the player the circle that was drawn last before it.
 */
export function recordDrawing(): void {
  const STEP = 0.25;
  const drawing: Drawing = {
    frames: 0,
    drawn: 0,
    places: {},
    movedAt: {},
    coin: undefined,
    firsts: { moves: {} },
  };
  globalThis.drawing = drawing;
  const now = (): Moment => ({
    at: performance.timeOrigin + performance.now(),
    frame: drawing.frames,
  });
  const count = () => {
    drawing.frames += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  addEventListener(
    "keydown",
    ({ repeat }) => {
      if (!repeat) drawing.firsts.pressed ??= now();
    },
    { capture: true },
  );
  const { fillRect, arc, fillText } = CanvasRenderingContext2D.prototype;
  let circles: { x: number; y: number }[] = [];
  Object.assign(CanvasRenderingContext2D.prototype, {
    fillRect(this: CanvasRenderingContext2D, ...args: Parameters<typeof fillRect>) {
      circles = [];
      drawing.drawn += 1;
      return fillRect.apply(this, args);
    },
    arc(this: CanvasRenderingContext2D, ...args: Parameters<typeof arc>) {
      const [x, y] = args;
      circles.push({ x, y });
      drawing.coin = circles[0];
      return arc.apply(this, args);
    },
    fillText(this: CanvasRenderingContext2D, ...args: Parameters<typeof fillText>) {
      const name = args[0].replaceAll(/[\u2066-\u2069]/g, "");
      const place = circles.at(-1);
      const before = drawing.places[name];
      if (place !== undefined) {
        if (before === undefined || Math.hypot(place.x - before.x, place.y - before.y) > STEP) {
          drawing.places[name] = place;
          drawing.movedAt[name] = performance.now();
          if (before !== undefined) drawing.firsts.moves[name] ??= now();
        }
      }
      return fillText.apply(this, args);
    },
  });
}
