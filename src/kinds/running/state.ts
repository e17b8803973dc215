import type { AnyContract } from "../../contract/contract.ts";
import { frozen } from "../../contract/frozen.ts";
import type { Json } from "../../protocol/json.ts";
import { BOUNDS } from "../../protocol/limits.ts";

export { frozen };

/** A stored event, as `apply` folds it. */
export interface FoldedEvent {
  readonly type: string;
  readonly data: Json;
  readonly actorId: string;
  readonly seq: number;
  readonly timestamp: string;
}

/** A room's state after the event at a `seq`; frozen, so that no rule can change what others see. */
export interface State {
  readonly value: unknown;
  readonly seq: number;
}

/**
 * Folds an event into a state.
 *
 * @throws {Error} what `apply` throws, and for a state that is no JSON or too large.
 */
export function fold(contract: AnyContract, { value }: State, event: FoldedEvent): State {
  const { type, seq } = event;
  const apply = Object.hasOwn(contract.apply, type) ? contract.apply[type] : undefined;
  if (apply === undefined) return { value, seq };
  // Its types were checked where it was written.
  const next: unknown = (apply as (state: unknown, event: FoldedEvent) => unknown)(
    value,
    frozen(event),
  );
  if (next === value) return { value, seq };
  const text = JSON.stringify(next);
  if (text === undefined) throw new TypeError(`apply.${type} answers no state.`);
  if (text.length > BOUNDS.stateChars) {
    throw new RangeError(`apply.${type} makes a state of over ${BOUNDS.stateChars} characters.`);
  }
  return { value: frozen(next), seq };
}
