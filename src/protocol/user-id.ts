import { isKeyText } from "./key-text.ts";
import { BOUNDS } from "./limits.ts";

/** Who acts when the server side does, and names nobody. */
export const SYSTEM_USER_ID = "system";

/**
 * Whether text can be a user id: 1 to 128 characters of {@link isKeyText}. A URL loses the segments
 * `.` and `..` (RFC 3986 §5.2.4), so users of these ids could be neither banned nor notified.
 */
export function isUserId(text: string): boolean {
  return text.length <= BOUNDS.userIdChars && isKeyText(text) && text !== "." && text !== "..";
}
