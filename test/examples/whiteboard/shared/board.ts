import { contract } from "hibiki";
import * as z from "zod";

/** The sheet, in its own units: every screen shows all of it. */
export const WIDTH = 1_000;
export const HEIGHT = 600;

/** A state is at most 128 KiB of JSON: of more than this the oldest strokes go. */
const STROKES_KEPT = 300;
const NUMBERS_KEPT = 8_000;

const color = z.string().regex(/^#[0-9a-f]{6}$/);
const stroke = z.object({
  color,
  /** x, y, x, y … */
  points: z
    .array(z.int().min(0).max(Math.max(WIDTH, HEIGHT)))
    .min(2)
    .max(400)
    .refine(({ length }) => length % 2 === 0, "needs an x and a y of each point"),
});

/** A stroke on the sheet; its id is the `seq` of the event that drew it. */
export interface Stroke {
  readonly id: number;
  readonly by: string;
  readonly color: string;
  readonly points: readonly number[];
}

/**
 * What both ends of a whiteboard know. Strokes are events: stored, in order, and folded into the sheet.
 * Where people point is presence: told 30 times a second at most, the newest alone, and never stored.
 */
export const board = contract("board", {
  events: {
    drawn: stroke,
    erased: z.object({ id: z.int() }),
  },
  state: z.object({ strokes: z.array(stroke.extend({ id: z.int(), by: z.string() })) }),
  initial: { strokes: [] },
  apply: {
    drawn: ({ strokes }, { data, seq, actorId }) => ({
      strokes: kept([...strokes, { ...data, id: seq, by: actorId }]),
    }),
    erased: ({ strokes }, { data }) => ({ strokes: strokes.filter(({ id }) => id !== data.id) }),
  },
  presence: z.object({ x: z.int(), y: z.int(), color }),
  errors: ["not_yours"],
});

/** The newest of them that a state has room for. */
function kept(strokes: readonly Stroke[]): Stroke[] {
  const newest: Stroke[] = [];
  let numbers = 0;
  for (const stroke of strokes.slice(-STROKES_KEPT).toReversed()) {
    numbers += stroke.points.length;
    if (numbers > NUMBERS_KEPT) break;
    newest.push(stroke);
  }
  return newest.toReversed();
}
