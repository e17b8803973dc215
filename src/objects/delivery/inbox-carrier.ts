import { type Notice, noticeOf } from "../../kinds/inbox/notice.ts";
import { inboxName } from "../../protocol/inbox-name.ts";
import type { Outcome } from "../../room/flush/outcome.ts";
import type { Carrier } from "./carrier.ts";

/** An inbox as another room sees it. */
export interface Inbox {
  /** Takes notices; an outcome each, in order. */
  deliver(notices: readonly Notice[]): Promise<readonly Outcome[]>;
}

/**
 * Brings notices to inboxes.
 *
 * @param inbox reaches an inbox by its room's name.
 */
export function inboxCarrier(inbox: (name: string) => Inbox): Carrier {
  return {
    batch: 20,
    // What one message may mention, and few enough to hold in memory.
    visits: 24,
    // Nobody reads that many afterwards.
    waiting: 1_000,
    // It stores its notices in a few.
    withinMs: 5_000,
    bring: (recipient, deliveries) => inbox(inboxName(recipient)).deliver(deliveries.map(noticeOf)),
  };
}
