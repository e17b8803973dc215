import type { Refusal } from "../contract/refusal.ts";
import type { Permission, Rules, Span } from "../contract/rules.ts";
import { chat } from "../kinds/chat/contract.ts";
import { checkedRules, type StoredRules } from "./kind-rules.ts";

/** What a team decides of chat rooms. */
export interface ChatRules {
  /**
   * Who may be in a chat room, before it is asked, and what they may do there. It alone decides: the
   * token's `grants` are handed to it.
   */
  readonly authorize?: (asked: {
    readonly actor: { readonly id: string; readonly name: string };
    readonly room: string;
    readonly grants: readonly Permission[];
    readonly request: Request;
    readonly env: Cloudflare.Env;
  }) => Promise<{ readonly can: readonly Permission[]; readonly for?: Span } | Refusal>;
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
