import { BOUNDS } from "./limits.ts";

/** Who acts when the server side does, and names nobody. */
export const SYSTEM_USER_ID = "system";

/**
 * Whether text can be a user id: 1 to 128 characters of well-formed Unicode. It becomes a key, and
 * MessagePack readers refuse the key `__proto__`.
 */
export function isUserId(text: string): boolean {
  return (
    text.length >= 1 &&
    text.length <= BOUNDS.userIdChars &&
    text.isWellFormed() &&
    text !== "__proto__"
  );
}
