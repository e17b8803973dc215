import type { RequestName } from "../log/log.ts";

/** One text for a request's name. A user id may hold any character, so its length keeps two names apart. */
export function nameOf({ userId, messageId }: RequestName): string {
  return `${userId.length}:${userId}${messageId}`;
}
