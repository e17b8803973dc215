import type { Refusal } from "../../protocol/error.ts";
import type { Saved } from "../../protocol/server-frame.ts";
import type { Effect } from "./effect.ts";

/** What becomes of a frame: effects and, for durable ones, what was saved; or why not. */
export type Decision =
  | {
      readonly ok: true;
      readonly effects: readonly Effect[];
      readonly saved?: Saved;
      /** What a rule has thrown whose end nobody waits for: the owner is told, and it is counted. */
      readonly failure?: unknown;
      /** Whether its sender is told to how many connections it went. */
      readonly isCounted?: true;
      /** Of a query: answers it by how the room stands once what else is in the flush is settled. */
      readonly answer?: (now: number) => Answered;
    }
  | Refused;

/** What became of a query: JSON text, or why not. */
export type Answered = { readonly ok: true; readonly output: string } | Refused;

/** A frame that changes nothing, and why. */
export interface Refused {
  readonly ok: false;
  readonly error: Refusal;
  /** What is done all the same, once it is answered: nothing of it is stored. */
  readonly despite?: readonly Effect[];
}

/** A frame that was accepted. */
export function accepted(effects: readonly Effect[], saved?: Saved): Decision {
  return saved === undefined ? { ok: true, effects } : { ok: true, effects, saved };
}

/** A frame that was not. */
export function refused(error: Refusal, despite?: readonly Effect[]): Refused {
  return despite === undefined ? { ok: false, error } : { ok: false, error, despite };
}
