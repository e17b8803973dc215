import type { Hook } from "../../protocol/hook.ts";
import { StorageError } from "../store/storage-error.ts";

/** A rule of the room's kind has thrown, or answered what it may not. */
export class RuleFailure extends Error {
  override readonly name = "RuleFailure";
  readonly hook: Hook;

  /** @param thrown by the rule, or because of its answer. */
  constructor(hook: Hook, thrown: unknown) {
    super(`${hook}: ${wordsOf(thrown)}`, { cause: thrown });
    this.hook = hook;
  }
}

/**
 * Does what a rule has to answer for.
 *
 * @throws {RuleFailure} for whatever that throws, but for what blames a rule inside of it, or the database.
 */
export function blaming<T>(hook: Hook, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RuleFailure || thrown instanceof StorageError) throw thrown;
    throw new RuleFailure(hook, thrown);
  }
}

/** The rules to blame for some failures: of what else fails nobody's is. */
export function hooksIn(failures: readonly unknown[]): readonly Hook[] {
  return failures.flatMap((failure) => (failure instanceof RuleFailure ? [failure.hook] : []));
}

/** A rule may throw what has no words. */
function wordsOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "it threw something that cannot be put into words";
  }
}
