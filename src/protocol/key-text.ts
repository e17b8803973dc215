import { isBlank } from "./blank-text.ts";
import { isWellFormed } from "./well-formed.ts";

/**
 * Whether every reader can hold text as a key of an object. MessagePack decoders refuse the key
 * `__proto__`, so that one would keep all of their users from whatever it stands in.
 */
export function isReadableKey(text: string): boolean {
  return text !== "__proto__" && isWellFormed(text);
}

/**
 * Whether text that a stranger sends may name something, and so become a key: a user, an emoji, an
 * event. Nobody could see or choose a name of blanks alone.
 */
export function isKeyText(text: string): boolean {
  return isReadableKey(text) && !isBlank(text);
}
