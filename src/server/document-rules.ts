import type { Rules } from "../contract/rules.ts";
import { documentContract } from "../kinds/document/contract.ts";
import { type AuthorizeRule, checkedRules, type StoredRules } from "./kind-rules.ts";

/** What a team decides of documents. But for `authorize` it is about those in JSON. */
export interface DocumentRules {
  /** Who may be in a document, in JSON or of Yjs, by whatever way they come; its room is `document:<x>`. */
  readonly authorize?: AuthorizeRule;
  /**
   * By what clients send, in the flush: refuse it, or put something in its place. A client that is told
   * its own change otherwise than it made it must be one that takes what it is told.
   */
  readonly before?: NonNullable<Rules<typeof documentContract>["before"]>;
  /** By what clients send, before it is queued: a look elsewhere. */
  readonly review?: NonNullable<Rules<typeof documentContract>["review"]>;
  /** By what was stored, after the commit: at least once, with the same `key`, for a day. */
  readonly after?: StoredRules<typeof documentContract>;
}

/**
 * Holds rules on documents to what is heeded.
 *
 * @throws {TypeError} that names what is not.
 */
export function checkedDocument(rules: DocumentRules = {}): DocumentRules {
  return checkedRules(documentContract, rules, ["authorize", "before", "review", "after"]);
}
