import type { NotificationPage } from "../protocol/notification.ts";
import type { MessagePage } from "../protocol/server-frame.ts";
import { field } from "./frame-shape.ts";

/** Whether this is a page of a chat's history. */
export function isMessagePage(body: unknown): body is MessagePage {
  return isPageOf(field(body, "messages"), body);
}

/** Whether this is a page of an inbox. */
export function isNotificationPage(body: unknown): body is NotificationPage {
  return isPageOf(field(body, "notifications"), body) && typeof field(body, "unread") === "number";
}

function isPageOf(entries: unknown, body: unknown): boolean {
  return (
    Array.isArray(entries) &&
    entries.every((entry) => typeof field(entry, "seq") === "number") &&
    typeof field(body, "epoch") === "string" &&
    typeof field(body, "seq") === "number" &&
    typeof field(body, "hasMore") === "boolean"
  );
}
