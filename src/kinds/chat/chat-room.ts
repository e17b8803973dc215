import type { Connection } from "../../room/connections/connection.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type {
  Greeted,
  KindGreeting,
  KindPage,
  KindPorts,
  KindRoom,
} from "../../room/hooks/kind.ts";
import type { PageQuery } from "../../room/log/log.ts";
import type { ChatFrame } from "./chat-frame.ts";
import type { ChatState } from "./chat-state.ts";
import { ChatTurn } from "./chat-turn.ts";
import type { ChatChange } from "./chat-view.ts";
import { KnownPeople } from "./known-people.ts";
import { MentionQuota } from "./mention-quota.ts";
import { SqlWriters } from "./sql-writers.ts";
import { typingNotice } from "./typing.ts";

/** One chat: messages that are edited, deleted and reacted to, who types, and who has read how far. */
export class ChatRoom implements KindRoom<ChatFrame, ChatChange> {
  readonly #ports: KindPorts;
  readonly #state: ChatState;

  constructor(ports: KindPorts) {
    const { store, limits, isHere, hasRead } = ports;
    this.#ports = ports;
    this.#state = {
      people: new KnownPeople(new SqlWriters(store.tables), { isHere, hasRead }),
      mentions: new MentionQuota(limits, store.log),
      typing: new Set(),
    };
  }

  begin(): ChatTurn {
    return new ChatTurn(this.#ports, this.#state);
  }

  rolledBack(): void {
    this.#state.people.forget();
    // What was spent on notices that never were comes back: it is counted anew from the log.
    this.#state.mentions.forget();
  }

  greet({ history }: Greeted): KindGreeting {
    return {
      fields: {},
      history: history === 0 ? [] : this.#ports.store.log.newestMessages(history),
    };
  }

  poll(): object {
    return {};
  }

  page(name: string, query: PageQuery): KindPage | undefined {
    if (name !== "messages") return undefined;
    const { entries, hasMore } = this.#ports.store.log.page(query);
    return { entries, fields: { hasMore } };
  }

  left({ id, session }: Connection, now: number): readonly Telling[] {
    return this.#state.typing.delete(id) ? [typingNotice(session, false, now)] : [];
  }

  upkeep(): void {}

  due(): readonly never[] {
    return [];
  }

  wakeAt(): undefined {}

  trimmed(): void {}

  livesUntil(): number {
    return Number.NEGATIVE_INFINITY;
  }
}
