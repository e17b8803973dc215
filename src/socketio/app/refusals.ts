import { refusal } from "../../protocol/error.ts";
import { APP_BOUNDS } from "./limits.ts";

/** What whoever speaks to a room is told that it is not in. */
export const NOT_JOINED = refusal("conflict", "You are not in this room: join_room comes first.");

/** What whoever is in as many rooms as may be is told of one more. */
export const TOO_MANY_ROOMS = refusal(
  "too_many_connections",
  `One connection may be in ${APP_BOUNDS.rooms} rooms.`,
);

/** What whoever speaks faster than a room answers is told. */
export const TOO_MUCH_WAITS = refusal(
  "rate_limited",
  "Too much waits for this room's answers already. Slow down.",
  1_000,
);

/** What whoever says more than a connection may is told. */
export const TOO_FAST = "Too many events. Slow down.";

/** What becomes of what was said to a room right before it was left. */
export const LEFT = refusal("unavailable", "You left the room before it had answered. Ask again.");

/** What whoever says something is told that is larger than a room takes. */
export function tooLarge(frameBytes: number) {
  return refusal("too_large", `What is said to a room is at most ${frameBytes} bytes.`);
}
