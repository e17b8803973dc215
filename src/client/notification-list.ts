import type { Notification, NotificationsRead } from "../protocol/notification.ts";

/** Beyond this, the oldest are forgotten: an application that shows more pages through history. */
const KEPT = 500;

/** The newest notifications that are known, oldest first. Never changed, only replaced. */
export type Notifications = readonly Notification[];

/** With one more, the newest. */
export function withNotification(known: Notifications, added: Notification): Notifications {
  return [...known, added].slice(-KEPT);
}

/** With some of them read; the same list when nothing changes. */
export function withRead(known: Notifications, read: NotificationsRead): Notifications {
  const isMeant =
    "upTo" in read ? (seq: number) => seq <= read.upTo : (seq: number) => read.ids.includes(seq);
  return known.some(({ seq, read }) => !read && isMeant(seq))
    ? known.map((one) => (isMeant(one.seq) ? { ...one, read: true } : one))
    : known;
}
