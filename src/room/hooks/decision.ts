import type { Refusal } from "../../protocol/error.ts";
import type { Saved } from "../../protocol/server-frame.ts";
import type { Effect } from "./effect.ts";

/** What becomes of a frame: effects and, for durable ones, what was saved; or why not. */
export type Decision<Change = unknown> =
  | {
      readonly ok: true;
      readonly effects: readonly Effect<Change>[];
      readonly saved?: Saved;
      /** Whether its sender is told to how many connections it went. */
      readonly isCounted?: true;
    }
  | Refused;

/** A frame that changes nothing, and why. */
export interface Refused {
  readonly ok: false;
  readonly error: Refusal;
}

/** A frame that was accepted. */
export function accepted<Change>(
  effects: readonly Effect<Change>[],
  saved?: Saved,
): Decision<Change> {
  return saved === undefined ? { ok: true, effects } : { ok: true, effects, saved };
}

/** A frame that goes to everyone here and is not stored: its sender is told how many that are. */
export function published<Change>(effects: readonly Effect<Change>[]): Decision<Change> {
  return { ok: true, effects, isCounted: true };
}

/** A frame that was not. */
export function refused(error: Refusal): Refused {
  return { ok: false, error };
}
