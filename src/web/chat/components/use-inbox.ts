import { useLayoutEffect, useState } from "hono/jsx/dom";
import type { Inbox, Notification } from "../../../client/index.ts";

/** What is known of an inbox. */
export interface InboxView {
  readonly unread: number;
  /** Oldest first. */
  readonly notifications: readonly Notification[];
}

/** An inbox as it is now, again whenever it changes. */
export function useInbox(inbox: Inbox): InboxView {
  const look = () => ({ unread: inbox.unread, notifications: inbox.notifications });
  const [view, setView] = useState<InboxView>(look);
  useLayoutEffect(() => {
    const changed = () => setView(look());
    changed();
    const subscriptions = [inbox.on("unread", changed), inbox.on("notifications", changed)];
    return () => {
      for (const off of subscriptions) off();
    };
  }, [inbox]);
  return view;
}
