import { type Spot, STICK_REACH, type Stick } from "../input/stick.ts";
import type { Look } from "./looks.ts";
import type { Palette } from "./palette.ts";

/** Lengths of what is drawn, in the arena's own measure. */
export interface Measures {
  /** From side to side, as far as the middles of players come. */
  readonly size: number;
  readonly playerRadius: number;
  readonly coinRadius: number;
}

/** A player where it is drawn. */
export interface DrawnPlayer {
  readonly id: number;
  readonly state: Spot;
}

/** All that is seen at one moment. */
export interface Picture {
  readonly players: readonly DrawnPlayer[];
  /** Which of them is one's own. */
  readonly ownId: number | undefined;
  readonly looks: ReadonlyMap<number, Look>;
  readonly coin: Spot | undefined;
  readonly stick: Stick["shown"];
}

/** What one draws on, and how large it is, in CSS pixels from side to side. */
export interface Surface {
  readonly paint: CanvasRenderingContext2D;
  readonly size: number;
  readonly palette: Palette;
}

const LINES = 10;
const CIRCLE = 2 * Math.PI;
const LABEL_PX = 12;
/** A ring around one's own player: nobody is told apart by colour alone. */
const RING_PX = 3;

/** A surface, and how the arena lies on it. */
interface View extends Surface {
  /** CSS pixels to one of the arena's measure. */
  readonly scale: number;
  readonly measures: Measures;
}

/** Draws the whole field anew. */
export function drawField(surface: Surface, picture: Picture, measures: Measures): void {
  // Players whose middle is at the edge are seen whole.
  const scale = surface.size / (measures.size + 2 * measures.playerRadius);
  const view = { ...surface, scale, measures };
  drawGround(view);
  if (picture.coin !== undefined) drawCoin(view, picture.coin);
  // The own one last: nobody stands over it.
  for (const player of picture.players) {
    if (player.id !== picture.ownId) drawPlayer(view, player, picture);
  }
  for (const player of picture.players) {
    if (player.id === picture.ownId) drawPlayer(view, player, picture);
  }
  if (picture.stick !== undefined) drawStick(surface, picture.stick);
}

function drawGround({ paint, size, palette }: View): void {
  paint.fillStyle = palette.ground;
  paint.fillRect(0, 0, size, size);
  paint.strokeStyle = palette.lines;
  paint.lineWidth = 1;
  paint.beginPath();
  for (let line = 1; line < LINES; line++) {
    const at = (size * line) / LINES;
    paint.moveTo(at, 0);
    paint.lineTo(at, size);
    paint.moveTo(0, at);
    paint.lineTo(size, at);
  }
  paint.stroke();
}

function drawCoin(view: View, coin: NonNullable<Picture["coin"]>): void {
  const { paint, palette, scale, measures } = view;
  const { x, y } = spotOf(view, coin);
  const radius = measures.coinRadius * scale;
  paint.strokeStyle = palette.coin;
  paint.fillStyle = palette.coin;
  paint.lineWidth = radius / 4;
  disc(paint, x, y, radius);
  paint.stroke();
  disc(paint, x, y, radius / 2);
  paint.fill();
}

function drawPlayer(view: View, { id, state }: DrawnPlayer, { looks, ownId }: Picture): void {
  const { paint, palette, scale, measures } = view;
  const look = looks.get(id);
  const spot = spotOf(view, state);
  const radius = measures.playerRadius * scale;
  const isOwn = id === ownId;
  paint.fillStyle = palette.isForced || look === undefined ? palette.ink : look.color;
  disc(paint, spot.x, spot.y, radius);
  paint.fill();
  if (isOwn) {
    paint.strokeStyle = palette.accent;
    paint.lineWidth = RING_PX;
    disc(paint, spot.x, spot.y, radius + RING_PX);
    paint.stroke();
  }
  if (look !== undefined) drawLabel(view, look.label, spot, isOwn);
}

function drawLabel(
  { paint, palette, scale, measures, size }: View,
  label: string,
  at: Spot,
  isOwn: boolean,
): void {
  const radius = measures.playerRadius * scale + RING_PX;
  paint.font = `${isOwn ? 700 : 500} ${LABEL_PX}px ${palette.font}`;
  paint.textAlign = "center";
  const above = at.y - radius - LABEL_PX / 2;
  // At the upper edge it is below, where it can be read.
  const line = above < LABEL_PX ? at.y + radius + LABEL_PX : above;
  const half = Math.min(size, paint.measureText(label).width) / 2;
  const middle = Math.max(half, Math.min(size - half, at.x));
  // Its ground around it, so that it can be read over lines and others.
  paint.strokeStyle = palette.ground;
  paint.lineWidth = 3;
  paint.strokeText(label, middle, line);
  paint.fillStyle = palette.ink;
  paint.fillText(label, middle, line);
}

function drawStick(
  { paint, palette }: Surface,
  { middle, knob }: NonNullable<Picture["stick"]>,
): void {
  paint.strokeStyle = palette.accent;
  paint.lineWidth = 2;
  disc(paint, middle.x, middle.y, STICK_REACH);
  paint.stroke();
  paint.fillStyle = palette.accent;
  disc(paint, knob.x, knob.y, STICK_REACH / 3);
  paint.fill();
}

function spotOf({ scale, measures }: View, { x, y }: Spot): Spot {
  return { x: (x + measures.playerRadius) * scale, y: (y + measures.playerRadius) * scale };
}

function disc(paint: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  paint.beginPath();
  paint.arc(x, y, radius, 0, CIRCLE);
}
