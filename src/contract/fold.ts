import type { AnyApply } from "./contract.ts";
import { frozen } from "./frozen.ts";

/** A stored event as it is folded. */
export interface FoldedEvent {
  readonly type: string;
  readonly data: unknown;
  readonly actorId: string;
  readonly seq: number;
  readonly timestamp: string;
}

/**
 * Folds an event into a state by a contract's `apply`: the same on both ends, or they would not agree.
 *
 * @param apply of the event's type.
 * @returns the next state, frozen.
 * @throws what `apply` throws, and {TypeError} for what cannot be a state.
 */
export function applied(
  apply: NonNullable<AnyApply[string]>,
  state: unknown,
  { type, ...event }: FoldedEvent,
): unknown {
  // Its types were checked where it was written.
  const next: unknown = (apply as (state: unknown, event: object) => unknown)(state, frozen(event));
  if (next === undefined || typeof next === "function" || next instanceof Promise) {
    throw new TypeError(`apply.${type} answers no state.`);
  }
  return frozen(next);
}
