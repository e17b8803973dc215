import type { RequestKey } from "../../protocol/client-frame.ts";
import { refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import type {
  Notification,
  NotificationContent,
  NotificationsRead,
} from "../../protocol/notification.ts";
import { inboxOwner } from "../../protocol/room-name.ts";
import type { Actor } from "../actor.ts";
import { accepted, type Decision, type RoomView, refused } from "../decision.ts";
import type { Effect } from "../effect.ts";
import type { LogEvent } from "../log.ts";

/** A notification for an inbox. No client can say this: it comes from the backend or another room. */
export interface Notify extends RequestKey {
  readonly type: "notify";
  readonly payload: NotificationContent;
  /** `seq` of the message it is about, when another room sends it: its key then counts for good. */
  readonly source?: number;
}

/** Stores a notification and tells it to all of its owner's connections. */
export function notify(
  { messageId, payload, source }: Notify,
  actor: Actor,
  view: RoomView,
  now: number,
): Decision {
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
  const arrival: Effect[] = source === undefined ? [] : [{ do: "arrive" }];
  return accepted([{ do: "append", event }, ...arrival], { savedId: seq });
}

/** Marks notifications as read, for every device of their owner. */
export function readNotifications(read: NotificationsRead, actor: Actor, view: RoomView): Decision {
  const isOwner = actor.userId === inboxOwner(view.name);
  if (!isOwner && !actor.permissions.includes("moderate")) {
    return refused(refusal("access_denied", "Only its owner marks an inbox as read."));
  }
  const bounded = "upTo" in read ? { upTo: Math.min(read.upTo, view.head) } : read;
  return accepted([{ do: "mark-read", read: bounded }]);
}
