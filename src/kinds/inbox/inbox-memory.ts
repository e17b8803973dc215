import type { Refusal } from "../../protocol/error.ts";
import type { NotificationsRead } from "../../protocol/notification.ts";
import type {
  Greeted,
  KindGreeting,
  KindMemory,
  KindPage,
  KindPorts,
} from "../../room/hooks/kind.ts";
import { ArrivalQuota } from "./arrival-quota.ts";
import type { InboxQuery, InboxStore } from "./inbox-store.ts";
import { SqlInbox } from "./sql-inbox.ts";

/** What an inbox keeps beside its log: which of one person's notifications were read. */
export class InboxMemory implements KindMemory {
  readonly #ports: KindPorts;
  readonly #inbox: InboxStore;
  readonly #arrivals: ArrivalQuota;

  constructor(ports: KindPorts) {
    this.#ports = ports;
    this.#inbox = new SqlInbox(ports.store.tables);
    this.#arrivals = new ArrivalQuota(ports.limits, this.#inbox);
  }

  get name(): string {
    return this.#ports.name;
  }

  /** `seq` of the newest event, those decided earlier in the same flush included. */
  get head(): number {
    return this.#ports.store.log.head;
  }

  /** `seq` of what another room delivered under a key. */
  delivered(key: string): number | undefined {
    return this.#inbox.delivered(key);
  }

  /** Why no notice of another room is taken now. */
  refusesArrival(now: number): Refusal | undefined {
    return this.#arrivals.refuses(now);
  }

  /** Counts a notice of another room that is taken. */
  arrived(now: number): void {
    this.#arrivals.spend(now);
  }

  /** Marks as read; how many are unread then. */
  markRead(read: NotificationsRead): number {
    this.#inbox.markRead(read);
    return this.#inbox.unread();
  }

  rolledBack(): void {
    // What was spent on notices that are not stored comes back: it is counted anew from the log.
    this.#arrivals.forget();
  }

  greet({ history }: Greeted): KindGreeting {
    return {
      fields: { unread: this.#inbox.unread() },
      history: history === 0 ? [] : this.#inbox.newest(history),
    };
  }

  page(name: string, query: InboxQuery): KindPage | undefined {
    if (name !== "notifications") return undefined;
    const { entries, hasMore } = this.#inbox.page(query);
    return { entries, fields: { unread: this.#inbox.unread(), hasMore } };
  }

  trimmed(oldest: number): void {
    this.#inbox.trim(oldest);
  }
}
