import type { Notification, NotificationContent, NotificationsRead } from "../notification.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** What is sent to an inbox. */
export interface InboxClientPayloads {
  readonly read_notifications: NotificationsRead;
  readonly notify: NotificationContent;
}

/** What is told in an inbox. */
export interface InboxServerPayloads {
  readonly notification: Notification;
  readonly notifications_read: NotificationsRead & { readonly unread: number };
}

/** The frames that an inbox takes. */
export const INBOX_CLIENT_FRAMES = {
  read_notifications: {
    asUser: true,
    idempotent: true,
    http: { method: "POST", path: "/v1/rooms/:room/read", status: 204 },
    tells: ["notifications_read"],
  },
  notify: {
    durable: true,
    backendOnly: true,
    http: { method: "POST", path: "/v1/users/:userId/notifications", status: 201 },
    tells: ["notification"],
  },
} as const satisfies ClientFrameRows<InboxClientPayloads>;

/** The frames that an inbox sends. */
export const INBOX_SERVER_FRAMES = {
  notification: { durable: true },
  notifications_read: {},
} as const satisfies ServerFrameRows<InboxServerPayloads>;
