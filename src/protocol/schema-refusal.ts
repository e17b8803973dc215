import type * as z from "zod";
import { cutText } from "./cut-text.ts";
import { type Refusal, refusal } from "./error.ts";
import { tellIssues } from "./issue-words.ts";
import type { JsonProblem } from "./json.ts";

/**
 * Turns the first things that a schema found wrong into one refusal, naming each field.
 *
 * @param whole what to call the value itself.
 */
export function issuesRefusal(
  error: z.ZodError,
  code: "invalid_frame" | "invalid_request",
  whole: string,
): Refusal {
  const tooLarge = error.issues.some(
    (issue) => issue.code === "custom" && issue.params?.["tooLarge"] === true,
  );
  return refusal(tooLarge ? "too_large" : code, bounded(tellIssues(error, whole)));
}

/**
 * Turns what some reader could not read into a refusal that names its place.
 *
 * @param whole what to call the value itself.
 */
export function jsonRefusal(
  { path, message }: JsonProblem,
  code: "invalid_frame" | "invalid_request",
  whole: string,
): Refusal {
  return refusal(code, bounded(`${[whole, ...path].join(".")} ${message}`));
}

/** A stranger's own words may be in it, and be long. */
function bounded(message: string): string {
  return cutText(message, 500);
}
