import type { Rules } from "../contract/rules.ts";
import { chat } from "../kinds/chat/contract.ts";
import { type AuthorizeRule, checkedRules, type StoredRules } from "./kind-rules.ts";

/** What a team decides of chat rooms. */
export interface ChatRules {
  /** Who may be in a chat room. */
  readonly authorize?: AuthorizeRule;
  /** By what clients send, in the flush: refuse it, or put something in its place. */
  readonly before?: NonNullable<Rules<typeof chat>["before"]>;
  /** By what clients send, before it is queued: a look elsewhere. */
  readonly review?: NonNullable<Rules<typeof chat>["review"]>;
  /** By what was stored, after the commit: at least once, with the same `key`, for a day. */
  readonly after?: StoredRules<typeof chat>;
}

/**
 * Holds rules on chats to what is heeded.
 *
 * @throws {TypeError} that names what is not.
 */
export function checkedChat(rules: ChatRules = {}): ChatRules {
  return checkedRules(chat, rules, ["authorize", "before", "review", "after"]);
}
