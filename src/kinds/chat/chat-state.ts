import type { KnownPeople } from "./known-people.ts";
import type { MentionQuota } from "./mention-quota.ts";

/** What a chat keeps in memory. */
export interface ChatState {
  readonly people: KnownPeople;
  readonly mentions: MentionQuota;
  /** Connections on which someone types; receivers drop it by themselves after a time. */
  readonly typing: Set<string>;
}
