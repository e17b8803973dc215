import { assertNever } from "../../protocol/assert-never.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import type { NotificationsRead } from "../../protocol/notification.ts";
import { refuseFrame } from "../../protocol/permission.ts";
import type { Actor } from "../../room/actor.ts";
import { type Decision, refused } from "../../room/hooks/decision.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { KindPorts, KindTurn } from "../../room/hooks/kind.ts";
import type { ArrivalQuota } from "./arrival-quota.ts";
import { notify, readNotifications } from "./decisions.ts";
import type { InboxChange, InboxFrame, InboxView } from "./inbox-frame.ts";
import type { InboxStore } from "./inbox-store.ts";

/** An inbox's part of one flush. */
export class InboxTurn implements KindTurn<InboxFrame, InboxChange>, InboxView {
  readonly #ports: KindPorts;
  readonly #inbox: InboxStore;
  readonly #arrivals: ArrivalQuota;

  constructor(ports: KindPorts, inbox: InboxStore, arrivals: ArrivalQuota) {
    this.#ports = ports;
    this.#inbox = inbox;
    this.#arrivals = arrivals;
  }

  get name(): string {
    return this.#ports.name;
  }

  get head(): number {
    return this.#ports.store.log.head;
  }

  delivered(key: string): number | undefined {
    return this.#inbox.delivered(key);
  }

  refusesArrival(now: number): Refusal | undefined {
    return this.#arrivals.refuses(now);
  }

  decide(frame: InboxFrame, actor: Actor, now: number): Decision<InboxChange> {
    const denied = refuseFrame(frame.type, actor);
    if (denied !== undefined) return refused(denied);
    switch (frame.type) {
      case "notify":
        return notify(frame, actor, this, now);
      case "read_notifications":
        return readNotifications(frame.payload, actor, this);
      default:
        return assertNever(frame);
    }
  }

  apply(change: InboxChange, now: number): readonly Telling[] {
    switch (change.do) {
      case "mark-read":
        return [this.#markRead(change.read, now)];
      case "arrive":
        this.#arrivals.spend(now);
        return [];
      default:
        return assertNever(change);
    }
  }

  appended(): void {}

  save(): void {}

  settled(): void {}

  #markRead(read: NotificationsRead, now: number): Telling {
    this.#inbox.markRead(read);
    const frame = EncodedFrame.of({
      type: "notifications_read",
      timestamp: iso(now),
      payload: { ...read, unread: this.#inbox.unread() },
    });
    return { audience: { to: "all" }, frame, owedToNewcomers: true };
  }
}
