import type { NotificationsRead } from "../../protocol/notification.ts";
import type { Page } from "../../room/log/page.ts";

/** Which notifications a page shows. */
export interface InboxQuery {
  readonly before?: number | undefined;
  readonly limit: number;
  readonly unreadOnly: boolean;
}

/** The notifications of an inbox's log, and which of them were read. */
export interface InboxStore {
  /** How many are unread, without looking at each. */
  unread(): number;
  /** Marks as read; what is not there, or was read before, changes nothing. */
  markRead(read: NotificationsRead): void;
  /** `seq` of what another room delivered under this key, however long ago. */
  delivered(key: string): number | undefined;
  /** How many notices other rooms delivered after a time and by another, counted up to a limit. */
  deliveredWithin(after: number, by: number, limit: number): number;
  /** The newest notifications, oldest first, as JSON text. */
  newest(limit: number): readonly string[];
  page(query: InboxQuery): Page;
  /** Forgets what was read of notifications that the log no longer has. */
  trim(oldest: number): void;
}
