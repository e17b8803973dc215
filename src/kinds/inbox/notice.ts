import type { NotificationContent } from "../../protocol/notification.ts";
import type { Delivery, StoredDelivery } from "../../room/store/outbox.ts";

/** A notification on its way to somebody's inbox, as rooms bring it to each other. */
export interface Notice {
  readonly recipient: string;
  /** `seq` of the message it is about. */
  readonly source: number;
  /** Names it at the inbox, so that delivering it again stores nothing. */
  readonly key: string;
  readonly content: NotificationContent;
}

/** The carrier that brings notices. */
export const INBOX_CARRIER = "inbox";

/** A notice as the outbox keeps it. */
export function deliveryOf({ recipient, source, key, content }: Notice): Delivery {
  return { to: { carrier: INBOX_CARRIER, recipient }, source, key, body: content };
}

/** The notice that the outbox kept by {@link deliveryOf}. */
export function noticeOf({ to, source, key, body }: StoredDelivery): Notice {
  // Written from a checked notice, so it is one.
  return { recipient: to.recipient, source, key, content: body as NotificationContent };
}
