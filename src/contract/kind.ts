import type { AnyContract } from "./contract.ts";
import { checkRules } from "./kind-check.ts";
import type { AnyRules, Grant, Refuses, Rules } from "./rules.ts";

declare const made: unique symbol;

/** A kind of room: its contract, and the rules that only the server knows. */
export interface Kind<C extends AnyContract = AnyContract> {
  readonly [made]: true;
  readonly contract: C;
  /** As they run: their types were checked when they were written. */
  readonly rules: AnyRules;
}

/**
 * Makes a kind of room. Pure: rules are handed whatever they need, and are tried on plain Node.
 *
 * @throws {TypeError} for a rule of something that the contract does not have.
 */
export function kind<C extends AnyContract, const A extends Grant<C> | Refuses<C> = Grant<C>>(
  contract: C,
  rules: Rules<C, A>,
): Kind<C> {
  checkRules(contract, rules);
  // Whoever runs them no longer knows the types by which they were written.
  const erased = Object.freeze({ ...rules }) as unknown as AnyRules;
  return Object.freeze({ contract, rules: erased }) as Kind<C>;
}
