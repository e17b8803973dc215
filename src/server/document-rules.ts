import type { Rules } from "../contract/rules.ts";
import { documentContract } from "../kinds/document/contract.ts";
import { checkedRules, type StoredRules } from "./kind-rules.ts";

/** What a team decides of documents in JSON. Who may be in one, grants of `document:<x>` say. */
export interface DocumentRules {
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
  return checkedRules(documentContract, rules, ["before", "review", "after"]);
}
