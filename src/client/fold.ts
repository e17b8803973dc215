import type { AnyContract } from "../contract/contract.ts";
import { applied, type FoldedEvent } from "../contract/fold.ts";
import { hasOwn } from "../protocol/has-own.ts";

/**
 * Folds an event into a state, as the room does.
 *
 * @throws what `apply` throws, and for what cannot be a state.
 */
export function fold({ apply: folds }: AnyContract, state: unknown, event: FoldedEvent): unknown {
  const apply = hasOwn(folds, event.type) ? folds[event.type] : undefined;
  return apply === undefined ? state : applied(apply, state, event);
}
