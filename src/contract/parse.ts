import { cutText } from "../protocol/cut-text.ts";
import type { Out, Schema } from "./schema.ts";
import type { Issue } from "./standard-schema.ts";

/** A value as a schema puts it out, or what is wrong with it, for a developer. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** Issues that a refusal names: a form has a handful of fields, and a stranger's array a thousand. */
const ISSUES_NAMED = 3;
/** A stranger's own words may be in it, and be long. */
const PROBLEM_CHARS = 500;

/**
 * Puts a value through a schema.
 *
 * @param whole what to call the value itself.
 * @throws {TypeError} for a validator that answers with a promise: frames are decided in one turn.
 */
export function parse<S extends Schema>(schema: S, value: unknown, whole: string): Parsed<Out<S>> {
  const validated = schema["~standard"].validate(value);
  if (validated instanceof Promise || "then" in validated) {
    // zod answers so too where a check throws; nobody waits for it, and it must end nothing else.
    Promise.resolve(validated).catch(() => {});
    throw new TypeError(
      `The schema of ${whole} is asynchronous, or throws. Look things up in \`review\`.`,
    );
  }
  return validated.issues === undefined
    ? // What a schema puts out is of its output type.
      { ok: true, value: validated.value as Out<S> }
    : { ok: false, problem: problemOf(validated.issues, whole) };
}

function problemOf(issues: readonly Issue[], whole: string): string {
  const problem = issues
    .slice(0, ISSUES_NAMED)
    .map(({ path = [], message }) => `${[whole, ...path.map(keyOf)].join(".")}: ${message}`)
    .join("; ");
  return cutText(problem, PROBLEM_CHARS);
}

function keyOf(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === "object" ? step.key : step);
}
