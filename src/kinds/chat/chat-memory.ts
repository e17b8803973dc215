import type { Refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Actor } from "../../room/actor.ts";
import type { Connection } from "../../room/connections/connection.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type {
  Greeted,
  KindGreeting,
  KindMemory,
  KindPage,
  KindPorts,
} from "../../room/hooks/kind.ts";
import type { LogEntry, LogEvent, PageQuery } from "../../room/log/log.ts";
import { refuseCrowded } from "../../room/store/outbox.ts";
import { INBOX_CARRIER } from "../inbox/notice.ts";
import { KnownPeople } from "./known-people.ts";
import { MentionQuota } from "./mention-quota.ts";
import { SqlWriters } from "./sql-writers.ts";
import { typingNotice } from "./typing.ts";

/** What a chat keeps in memory, and what its decisions look at: what the same flush did before included. */
export class ChatMemory implements KindMemory {
  readonly #ports: KindPorts;
  readonly #people: KnownPeople;
  readonly #mentions: MentionQuota;
  /** Connections on which someone types; receivers drop it by themselves after a time. */
  readonly #typing = new Set<string>();
  /** Who began or ended typing in this flush, by connection. */
  readonly #changed = new Map<string, boolean>();

  constructor(ports: KindPorts) {
    const { store, limits, isHere, hasRead } = ports;
    this.#ports = ports;
    this.#people = new KnownPeople(new SqlWriters(store.tables), { isHere, hasRead });
    this.#mentions = new MentionQuota(limits, store.log);
  }

  get name(): string {
    return this.#ports.name;
  }

  /** `seq` of the newest event. */
  get head(): number {
    return this.#ports.store.log.head;
  }

  entry(seq: number): LogEntry | undefined {
    return this.#ports.store.log.entry(seq);
  }

  /** `seq` of the newest reaction that said just this, as far as it is worth looking for. */
  reactionEvent(target: number, payload: string): number | undefined {
    const { log } = this.#ports.store;
    const after = Math.max(target, log.head - BOUNDS.reactionsSearched);
    return log.reactionEvent(payload, { after, upTo: log.head });
  }

  isTyping(connectionId: string | undefined): boolean {
    return (
      connectionId !== undefined &&
      (this.#changed.get(connectionId) ?? this.#typing.has(connectionId))
    );
  }

  setTyping(connectionId: string | undefined, isTyping: boolean): void {
    if (connectionId !== undefined) this.#changed.set(connectionId, isTyping);
  }

  /** Whether the room knows a person, who may then hear of a mention. */
  knows(userId: string): boolean {
    return this.#people.knows(userId);
  }

  /** Why an actor may not tell so many people of a message now. */
  refusesMentions(actor: Actor, people: number, now: number): Refusal | undefined {
    return (
      this.#mentions.refuses(actor, people, now) ??
      refuseCrowded(this.#ports.store.outbox.of(INBOX_CARRIER), people)
    );
  }

  /** Counts people who are told of a message against its sender's quota. */
  spendMentions(actor: Actor, people: number, now: number): void {
    this.#mentions.spend(actor, people, now);
  }

  begin(): void {
    this.#changed.clear();
  }

  appended({ userId }: LogEvent): void {
    this.#people.wrote(userId);
  }

  settled(): void {
    for (const [id, isTyping] of this.#changed) {
      // It may have left before its frame was decided.
      if (isTyping && this.#ports.connections.has(id)) this.#typing.add(id);
      else this.#typing.delete(id);
    }
    this.#changed.clear();
  }

  rolledBack(): void {
    this.#people.forget();
    // What was spent on notices that never were comes back: it is counted anew from the log.
    this.#mentions.forget();
  }

  greet({ history }: Greeted): KindGreeting {
    return {
      fields: {},
      history: history === 0 ? [] : this.#ports.store.log.newestMessages(history),
    };
  }

  page(name: string, query: PageQuery): KindPage | undefined {
    if (name !== "messages") return undefined;
    const { entries, hasMore } = this.#ports.store.log.page(query);
    return { entries, fields: { hasMore } };
  }

  left({ id, session }: Connection, now: number): readonly Telling[] {
    return this.#typing.delete(id) ? [typingNotice(session, false, now)] : [];
  }
}
