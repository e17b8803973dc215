import type { Refusal } from "../../protocol/error.ts";
import type { NotificationContent } from "../../protocol/notification.ts";
import { type Delivery, type OutboxStore, refuseCrowded } from "../../room/store/outbox.ts";
import { deliveryOf, INBOX_CARRIER } from "../inbox/notice.ts";

/** What one decision tells people in their inboxes. */
export class Notices {
  readonly #all: { readonly recipient: string; readonly content: NotificationContent }[] = [];

  add(recipient: string, content: NotificationContent): void {
    this.#all.push({ recipient, content });
  }

  /** Why so many may not wait: what rules tell people waits in the same outbox as everything else. */
  crowd(outbox: OutboxStore): Refusal | undefined {
    return refuseCrowded(outbox.of(INBOX_CARRIER), this.#all.length);
  }

  /**
   * Their deliveries. Notices are named by what they come with: an epoch is random, so no two rooms
   * meet in one key.
   */
  under(key: string, source: number): readonly Delivery[] {
    const told = new Map<string, number>();
    return this.#all.map(({ recipient, content }) => {
      const before = told.get(recipient) ?? 0;
      told.set(recipient, before + 1);
      const own = before === 0 ? key : `${key}.${before}`;
      return deliveryOf({ recipient, source, key: own, content });
    });
  }
}
