import { INBOX_PREFIX } from "./room-kind.ts";

/** The name of a user's inbox (P1.4). */
export function inboxName(userId: string): string {
  return `${INBOX_PREFIX}:${userId}`;
}
