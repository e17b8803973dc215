import { refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import type { Notification, NotificationsRead } from "../../protocol/notification.ts";
import { inboxOwner } from "../../protocol/room-name.ts";
import type { Actor } from "../../room/actor.ts";
import { accepted, type Decision, refused } from "../../room/hooks/decision.ts";
import type { Effect } from "../../room/hooks/effect.ts";
import type { LogEvent } from "../../room/log/log.ts";
import type { InboxChange, InboxView, Notify } from "./inbox-frame.ts";

/** Stores a notification and tells it to all of its owner's connections. */
export function notify(
  { messageId, payload, source }: Notify,
  actor: Actor,
  view: InboxView,
  now: number,
): Decision<InboxChange> {
  if (actor.backend !== true) {
    return refused(refusal("access_denied", "Only the server side writes to an inbox."));
  }
  const delivered = source === undefined ? undefined : view.delivered(messageId);
  if (delivered !== undefined) return accepted([], { savedId: delivered, duplicate: true });
  const later = source === undefined ? undefined : view.refusesArrival(now);
  if (later !== undefined) return refused(later);
  const seq = view.head + 1;
  const { type, title, body, url, data } = payload;
  const notification: Notification = {
    seq,
    id: messageId,
    type,
    title,
    ...(body === undefined ? {} : { body }),
    ...(url === undefined ? {} : { url }),
    ...(data === undefined ? {} : { data }),
    timestamp: iso(now),
    // Last, for UNREAD_ENDING.
    read: false,
  };
  const event: LogEvent = {
    seq,
    type: "notification",
    at: now,
    userId: actor.userId,
    messageId,
    ...(source === undefined ? {} : { target: source }),
    payload: JSON.stringify(notification),
  };
  const arrival: Effect<InboxChange>[] =
    source === undefined ? [] : [{ do: "change", change: { do: "arrive" }, isStored: false }];
  return accepted([{ do: "append", event }, ...arrival], { savedId: seq });
}

/** Marks notifications as read, for every device of their owner. */
export function readNotifications(
  read: NotificationsRead,
  actor: Actor,
  view: InboxView,
): Decision<InboxChange> {
  const isOwner = actor.userId === inboxOwner(view.name);
  if (!isOwner && !actor.permissions.includes("moderate")) {
    return refused(refusal("access_denied", "Only its owner marks an inbox as read."));
  }
  const bounded = "upTo" in read ? { upTo: Math.min(read.upTo, view.head) } : read;
  return accepted([{ do: "change", change: { do: "mark-read", read: bounded }, isStored: true }]);
}
