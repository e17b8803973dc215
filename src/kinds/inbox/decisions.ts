import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { inboxOwner } from "../../protocol/inbox-owner.ts";
import { iso } from "../../protocol/iso.ts";
import type { Notification } from "../../protocol/notification.ts";
import type { Command } from "../extension.ts";
import type { inbox } from "./contract.ts";
import type { InboxMemory } from "./inbox-memory.ts";

type Inbox<Type extends keyof (typeof inbox)["commands"]> = Command<
  typeof inbox,
  (typeof inbox)["commands"][Type],
  InboxMemory
>;

/** Stores a notification and tells it to all of its owner's connections. */
export function notify(command: Inbox<"notify">): Refusal | undefined {
  const { data, messageId, source, now, memory, tx } = command;
  if (source !== undefined) {
    // From another room, whose key names it for good.
    const delivered = memory.delivered(messageId);
    if (delivered !== undefined) {
      tx.saved({ savedId: delivered, duplicate: true });
      return undefined;
    }
    const later = memory.refusesArrival(now);
    if (later !== undefined) return later;
    tx.remember(() => memory.arrived(now));
  }
  const { type, title, body, url, data: more } = data;
  const notification: Notification = {
    seq: memory.head + 1,
    id: messageId,
    type,
    title,
    ...(body === undefined ? {} : { body }),
    ...(url === undefined ? {} : { url }),
    ...(more === undefined ? {} : { data: more }),
    timestamp: iso(now),
    // Last, for UNREAD_ENDING.
    read: false,
  };
  tx.append("notification", notification, source === undefined ? undefined : { target: source });
  return undefined;
}

/** Marks notifications as read, for every device of their owner. */
export function readNotifications(command: Inbox<"read_notifications">): Refusal | undefined {
  const { data, actor, now, memory, tx } = command;
  const isOwner = actor.userId === inboxOwner(memory.name);
  if (!isOwner && !actor.permissions.includes("moderate")) {
    return refusal("access_denied", "Only its owner marks an inbox as read.");
  }
  const read = "upTo" in data ? { upTo: Math.min(data.upTo, memory.head) } : data;
  tx.keep(() => {
    const frame = EncodedFrame.of({
      type: "notifications_read",
      timestamp: iso(now),
      payload: { ...read, unread: memory.markRead(read) },
    });
    return [{ audience: { to: "all" }, frame, owedToNewcomers: true }];
  });
  return undefined;
}
