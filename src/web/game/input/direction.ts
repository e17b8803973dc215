/** Where somebody wants to go: each from −1 to 1, and together no longer than 1. */
export interface Direction {
  readonly dx: number;
  readonly dy: number;
}

/** To stay where one is. */
export const STILL: Direction = { dx: 0, dy: 0 };

/**
 * Steps of a direction, from the middle to the edge: a thumb never lies still, and what is the same to
 * the eye is then the same to send.
 */
const STEPS = 64;

/** The direction of a stick that is pushed this far, cut to the rim. */
export function directionOf(x: number, y: number): Direction {
  const length = Math.max(1, Math.hypot(x, y));
  const direction = { dx: stepped(x / length), dy: stepped(y / length) };
  return isStill(direction) ? STILL : direction;
}

/** Whether a direction leads nowhere. */
export function isStill({ dx, dy }: Direction): boolean {
  return dx === 0 && dy === 0;
}

/** Whether two directions lead the same way, as fast. */
export function areEqual(one: Direction, other: Direction): boolean {
  return one.dx === other.dx && one.dy === other.dy;
}

function stepped(value: number): number {
  // `|| 0`: a minus zero is the same direction, and another JSON.
  return Math.round(value * STEPS) / STEPS || 0;
}
