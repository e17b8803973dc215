import type { Telling } from "../../room/hooks/effect.ts";
import type {
  Greeted,
  KindGreeting,
  KindPage,
  KindPorts,
  KindRoom,
} from "../../room/hooks/kind.ts";
import { ArrivalQuota } from "./arrival-quota.ts";
import type { InboxChange, InboxFrame } from "./inbox-frame.ts";
import type { InboxQuery } from "./inbox-store.ts";
import { InboxTurn } from "./inbox-turn.ts";
import { SqlInbox } from "./sql-inbox.ts";

/** One person's notifications, and which of them were read. */
export class InboxRoom implements KindRoom<InboxFrame, InboxChange> {
  readonly #ports: KindPorts;
  readonly #inbox: SqlInbox;
  readonly #arrivals: ArrivalQuota;

  constructor(ports: KindPorts) {
    this.#ports = ports;
    this.#inbox = new SqlInbox(ports.store.tables);
    this.#arrivals = new ArrivalQuota(ports.limits, this.#inbox);
  }

  begin(): InboxTurn {
    return new InboxTurn(this.#ports, this.#inbox, this.#arrivals);
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

  poll(): object {
    return {};
  }

  page(name: string, query: InboxQuery): KindPage | undefined {
    if (name !== "notifications") return undefined;
    const { entries, hasMore } = this.#inbox.page(query);
    return { entries, fields: { unread: this.#inbox.unread(), hasMore } };
  }

  left(): readonly Telling[] {
    return [];
  }

  upkeep(): void {}

  due(): readonly never[] {
    return [];
  }

  wakeAt(): undefined {}

  trimmed(oldest: number): void {
    this.#inbox.trim(oldest);
  }

  livesUntil(): number {
    return Number.NEGATIVE_INFINITY;
  }
}
