import { DOCUMENT_DELETED } from "../../../protocol/deleted-document.ts";
import type { Problem } from "../../connection/connection.ts";

/** What there is to do about a document that is closed to one. */
export type Closing =
  /** It is no more. */
  | "deleted"
  /** What was put into it is too much, and would be again. */
  | "too_large"
  /** One's sign-in has ended: with another one all goes on. */
  | "signed_out"
  | "other";

/** What it is closed for. */
export function closingOf(problem: Problem | undefined): Closing {
  switch (problem?.code) {
    case "not_found":
      return problem.message === DOCUMENT_DELETED ? "deleted" : "other";
    case "too_large":
      return "too_large";
    case "token_expired":
    case "unauthorized":
      return "signed_out";
    default:
      return "other";
  }
}
