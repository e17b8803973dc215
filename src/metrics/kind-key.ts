import { ERROR_CODES } from "../protocol/error.ts";
import type { Hook } from "../protocol/hook.ts";
import type { Tally } from "./counts.ts";

/** A kind of room as what happens in its rooms is counted. */
export interface CountedKind {
  readonly name: string;
  /** Codes of its own that its rules may refuse with. */
  readonly errors: readonly string[];
}

/**
 * Where a refusal is counted: under Hibiki's own code, or under a code of the kind beside its name. A
 * rule on chats may refuse with any word, and each would be a series for good: those are `other`.
 */
export function refusalKey({ name, errors }: CountedKind, code: string): string {
  if (Object.hasOwn(ERROR_CODES, code)) return code;
  return `${name} ${errors.includes(code) ? code : "other"}`;
}

/** Where it is counted that a rule has failed. */
export function hookKey({ name }: Pick<CountedKind, "name">, hook: Hook): string {
  return `${name} ${hook}`;
}

/** What a key is of, and of which kind that is; of Hibiki's own codes, of none. */
export interface KindKey {
  readonly kind: string | undefined;
  readonly what: string;
}

/** Reads what {@link refusalKey} or {@link hookKey} wrote. */
export function parseKindKey(key: string): KindKey {
  const space = key.indexOf(" ");
  return space < 0
    ? { kind: undefined, what: key }
    : { kind: key.slice(0, space), what: key.slice(space + 1) };
}

/** The same counts without the kind, which of one room is known. */
export function withoutKind(tally: Tally): Tally {
  const counts: Record<string, number> = {};
  for (const [key, count] of Object.entries(tally)) {
    const { what } = parseKindKey(key);
    counts[what] = (counts[what] ?? 0) + count;
  }
  return counts;
}
