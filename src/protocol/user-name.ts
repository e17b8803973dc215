import { isBlank } from "./blank-text.ts";
import { cutText } from "./cut-text.ts";
import { BOUNDS } from "./limits.ts";

/**
 * What a display name must not hold: control characters, line and paragraph ends, and what turns or
 * isolates the direction of the text after it (UAX #9, explicit formatting), for a name is shown in
 * the middle of other people's words.
 */
const UNFIT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Whether a name holds nothing that a name must not hold. */
export function isFitName(text: string): boolean {
  return text.search(UNFIT) === -1;
}

/** The name in the one form it is kept in: NFC, with nothing that a name must not hold. */
export function fitName(text: string): string {
  return text.normalize("NFC").replace(UNFIT, "").trim();
}

/** The name of somebody who has given none that can be seen: the user id. */
export function nameOfUser(userId: string): string {
  const name = cutText(fitName(userId), BOUNDS.userNameChars);
  // A long id may begin with what cannot be seen; it is told apart all the same.
  return isBlank(name) ? "?" : name;
}
