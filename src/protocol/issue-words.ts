import type * as z from "zod";
import { listed } from "./listed.ts";

type RawIssue = z.core.$ZodRawIssue;

/** Places told in one refusal: whoever mends these sends again, and hears of the others. */
const PLACES = 3;

/**
 * The first things that a schema found wrong, one at each place: `payload.content: is required`.
 *
 * @param whole what to call the value itself.
 */
export function tellIssues({ issues }: Pick<z.ZodError, "issues">, whole: string): string {
  const first = new Map<string, string>();
  for (const { path, message } of issues) {
    const place = path.join(".") || whole;
    if (!first.has(place)) first.set(place, message);
  }
  return [...first]
    .slice(0, PLACES)
    .map(([place, message]) => `${place}: ${message}`)
    .join("; ");
}

/**
 * What is wrong with a value, for whoever sent it: what the value must be, to stand behind its name.
 * Given to a parse as its `error`; a schema that has words of its own keeps them.
 */
export function issueWords(issue: RawIssue): string {
  if (issue.input === undefined && ABSENCE.has(issue.code)) return "is required";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${oneOf(issue.values)}`;
    case "too_big":
      return `must ${most(issue.origin, Number(issue.maximum))}`;
    case "too_small":
      return issue.origin === "string" && Number(issue.minimum) === 1
        ? "must not be empty"
        : `must ${least(issue.origin, Number(issue.minimum))}`;
    case "invalid_format":
      return "is not written as it must be";
    case "unrecognized_keys":
      return `must not have ${listed(issue.keys, "and")}`;
    case "invalid_key":
      return firstWords(issue.issues) ?? "has a key that it must not have";
    case "invalid_union":
      return "must be the name of a known type";
    default:
      return "is not as it must be";
  }
}

/** Codes that also say that there is nothing where something must be. */
const ABSENCE: ReadonlySet<string> = new Set(["invalid_type", "invalid_value", "invalid_union"]);

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  string: ["character", "characters"],
  array: ["item", "items"],
};

function most(origin: string, count: number): string {
  const units = UNITS[origin];
  return units === undefined
    ? `be at most ${count}`
    : `have at most ${count} ${units[count === 1 ? 0 : 1]}`;
}

function least(origin: string, count: number): string {
  const units = UNITS[origin];
  return units === undefined
    ? `be at least ${count}`
    : `have at least ${count} ${units[count === 1 ? 0 : 1]}`;
}

function oneOf(values: readonly z.core.util.Primitive[]): string {
  return listed(
    values.map((value) => (typeof value === "bigint" ? `${value}` : JSON.stringify(value))),
    "or",
  );
}

function firstWords(issues: readonly { readonly message: string }[]): string | undefined {
  return issues[0]?.message;
}
