import { type Direction, directionOf, isStill, STILL } from "./direction.ts";

/** Sticks of pads are not quite in the middle when nobody touches them. */
const DEAD_ZONE = 0.2;

/** Buttons of a cross, as the standard mapping has them (W3C Gamepad, "Remapping"). */
const CROSS = { up: 12, down: 13, left: 14, right: 15 } as const;

/** The little of a gamepad that is looked at. */
export interface Pad {
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly pressed: boolean }[];
}

/** Where the pads lead: the first one that leads anywhere, by its cross or its left stick. */
export function directionOfPads(pads: readonly (Pad | null)[]): Direction {
  for (const pad of pads) {
    if (pad === null) continue;
    const direction = directionOfPad(pad);
    if (!isStill(direction)) return direction;
  }
  return STILL;
}

function directionOfPad({ axes, buttons }: Pad): Direction {
  const pressed = (button: number) => Number(buttons[button]?.pressed ?? false);
  const across = pressed(CROSS.right) - pressed(CROSS.left);
  const down = pressed(CROSS.down) - pressed(CROSS.up);
  if (across !== 0 || down !== 0) return directionOf(across, down);
  const [x = 0, y = 0] = axes;
  const length = Math.hypot(x, y);
  if (!(length > DEAD_ZONE)) return STILL;
  // From the edge of the dead zone on, and not with a jump.
  const reach = Math.min(1, (length - DEAD_ZONE) / (1 - DEAD_ZONE)) / length;
  return directionOf(x * reach, y * reach);
}
