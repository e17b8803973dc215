import type { AnyContract } from "../contract/contract.ts";
import { frozen } from "../contract/frozen.ts";
import { hasOwn } from "./frame-shape.ts";

/** A stored event as a contract's `apply` is handed it; the same for whoever listens. */
export interface FoldedEvent {
  readonly type: string;
  readonly data: unknown;
  readonly actorId: string;
  readonly seq: number;
  readonly timestamp: string;
}

/**
 * Folds an event into a state, as the room does.
 *
 * @throws what `apply` throws, and for what cannot be a state.
 */
export function fold(
  { apply: folds }: AnyContract,
  state: unknown,
  { type, ...event }: FoldedEvent,
): unknown {
  const apply = hasOwn(folds, type) ? folds[type] : undefined;
  if (apply === undefined) return state;
  // Its types were checked where it was written.
  const next: unknown = (apply as (state: unknown, event: object) => unknown)(
    state,
    Object.freeze(event),
  );
  if (next === undefined || typeof next === "function" || next instanceof Promise) {
    throw new TypeError(`apply.${type} answers no state.`);
  }
  return frozen(next);
}
