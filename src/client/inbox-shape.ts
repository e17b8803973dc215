import { inboxName } from "../protocol/inbox-name.ts";
import { type Fields, field, type KindShapes, matches } from "./frame-shape.ts";

const NOTIFICATION: Fields = {
  seq: "number",
  id: "string",
  type: "string",
  title: "string",
  timestamp: "string",
  read: "boolean",
};

/** What an inbox brings that no other room does. */
export const INBOX_SHAPES: KindShapes = {
  greeting: { [inboxName("")]: { history: [NOTIFICATION], unread: "number" } },
  payloads: { notification: NOTIFICATION, notifications_read: isRead },
};

function isRead(payload: unknown): boolean {
  const ids = field(payload, "ids");
  const isNamed = Array.isArray(ids)
    ? ids.every((id) => typeof id === "number")
    : typeof field(payload, "upTo") === "number";
  return isNamed && matches(payload, { unread: "number" });
}
