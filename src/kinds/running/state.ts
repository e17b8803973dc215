import type { AnyContract } from "../../contract/contract.ts";
import { applied, type FoldedEvent } from "../../contract/fold.ts";
import { payloadProblem } from "../../protocol/json.ts";
import { isReadableKey } from "../../protocol/key-text.ts";
import { BOUNDS } from "../../protocol/limits.ts";

/** A room's state after the event at a `seq`; frozen, so that no rule can change what others see. */
export interface State {
  readonly value: unknown;
  readonly seq: number;
}

/** A state, and how large it is taken to be. */
export interface Sized extends State {
  /**
   * Characters of its JSON, at least about: since it was measured it has grown by what came. It is
   * measured exactly when that comes near the bound, and at the end of each flush.
   */
  readonly chars: number;
}

/**
 * Folds an event into a state.
 *
 * @throws {Error} what `apply` throws, and for no state at all.
 */
export function fold(contract: AnyContract, { value }: State, event: FoldedEvent): State {
  const { type, seq } = event;
  const apply = Object.hasOwn(contract.apply, type) ? contract.apply[type] : undefined;
  if (apply === undefined) return { value, seq };
  const next = applied(apply, value, event);
  return { value: next, seq };
}

/** What an event costs a state beside its data: the id of who sent it as a key, and what stands around. */
const EVENT_CHARS = 512;

/**
 * Takes a state that an event led to. To measure a state is to write all of it, so that is put off until
 * the end of the flush, unless it may be too large by now.
 *
 * @param dataChars how long the event's data is as JSON.
 * @throws {RangeError} for one that is too large, {@link measured}.
 */
export function grown(before: Sized, after: State, dataChars: number): Sized {
  if (after.value === before.value) return { ...after, chars: before.chars };
  const chars = before.chars + 2 * dataChars + EVENT_CHARS;
  return chars > BOUNDS.stateChars ? measured(after) : { ...after, chars };
}

/**
 * Measures a state.
 *
 * @throws {RangeError} for one that is too large.
 * @throws {TypeError} for one that JSON would not carry as it is: clients would fold another.
 */
export function measured({ value, seq }: State): Sized {
  const problem = stateProblem(value);
  if (problem !== undefined) throw new TypeError(`The state ${problem}.`);
  const { length: chars } = JSON.stringify(value);
  if (chars > BOUNDS.stateChars) {
    throw new RangeError(
      `The state would be of ${chars} characters, and ${BOUNDS.stateChars} are the most.`,
    );
  }
  return { value, seq, chars };
}

/** What is wrong with a state; what is undefined in an object is left out of JSON, and so of no matter. */
function stateProblem(value: unknown, levels = BOUNDS.dataDepth + 1): string | undefined {
  if (typeof value !== "object" || value === null) return payloadProblem(value)?.message;
  if (levels === 0) return `nests more than ${BOUNDS.dataDepth} levels deep`;
  if (!Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
      return "is, or holds, no plain object";
  }
  for (const [key, inner] of Object.entries(value)) {
    if (!isReadableKey(key)) return 'has a key that is "__proto__" or not well-formed Unicode';
    const problem = inner === undefined ? undefined : stateProblem(inner, levels - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
