import { CLOSES, type Close } from "../../protocol/close.ts";
import { CLOSE_CODES, closeOf } from "../../protocol/close-code.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { TOKEN_EXPIRED } from "../../protocol/refusals.ts";

/** What comes after the end of a visit to a room. */
export type Next =
  /** The token's end has come. */
  | { readonly now: "expire" }
  /** The room is entered anew, behind its client's back: it was moved, restarted or lost. */
  | { readonly now: "again"; readonly notBeforeMs: number }
  /** The client is out, and is told why. */
  | { readonly now: "gone"; readonly error: Refusal };

const PUT_OUT = refusal("access_denied", "You are no longer in this room.");
const FLOODING = refusal(
  "rate_limited",
  "Too much was said to this room. Slow down, then join again.",
);
const TOO_LARGE = refusal("too_large", "What was said to this room was too large.");
const NOT_REACHED = refusal("unavailable", "The room could not be reached. Try again.");

const BY_CODE: Readonly<Record<number, Refusal>> = {
  [CLOSE_CODES.tooMany.code]: FLOODING,
  [CLOSE_CODES.tooLarge.code]: TOO_LARGE,
  [CLOSE_CODES.unauthorized.code]: TOKEN_EXPIRED,
  [CLOSE_CODES.badFrames.code]: PUT_OUT,
  [CLOSE_CODES.accessDenied.code]: PUT_OUT,
  [CLOSE_CODES.done.code]: PUT_OUT,
};

/** From inside, these are meant for the client: to come back at once would do the same again. */
const FOR_CLIENT: ReadonlySet<number> = new Set([
  CLOSE_CODES.done.code,
  CLOSE_CODES.tooLarge.code,
  CLOSE_CODES.tooMany.code,
]);

/**
 * Decides it.
 *
 * @param was whether the client has ever been in the room, and whether it was when this came.
 * @param why what the room, or the door to it, said of it.
 */
export function whatNext(
  was: { readonly everIn: boolean; readonly isIn: boolean },
  close: Close,
  why: Refusal | undefined,
): Next {
  const { reconnect } = closeOf(close.code);
  const error = why ?? BY_CODE[close.code] ?? NOT_REACHED;
  if (reconnect === "with-token") return { now: "expire" };
  if (reconnect === "never" || !was.everIn) return { now: "gone", error };
  const isMeant = FOR_CLIENT.has(close.code) || close.reason === CLOSES.gaveWay.reason;
  if (was.isIn && isMeant) return { now: "gone", error };
  return { now: "again", notBeforeMs: why?.retryAfterMs ?? 0 };
}
