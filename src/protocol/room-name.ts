import { inboxName } from "./inbox-name.ts";
import { inboxOwner } from "./inbox-owner.ts";
import { BOUNDS } from "./limits.ts";
import type { KindName } from "./room-kind.ts";
import { isUserId } from "./user-id.ts";

/** A room name in which {@link roomNameFault} finds nothing wrong. */
export interface RoomName<Kind extends KindName = KindName> {
  readonly name: string;
  readonly kind: Kind;
}

/** Every name of a room that is no inbox; a URL loses the segments `.` and `..` (RFC 3986 §5.2.4). */
export const ROOM_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~:-]{1,128}$/;
const INBOXES = inboxName("");

const BAD_NAME = 'A room name is 1 to 128 characters of A-Z a-z 0-9 . _ ~ : - and not "." or "..".';
const BAD_INBOX = `An inbox is named after a user id: 1 to ${BOUNDS.userIdChars} characters that can be seen, and not ".", ".." or "__proto__".`;

/**
 * What is wrong with a room name, for a developer; `undefined` when nothing is. An inbox is named
 * after its user, so what follows `user:` may be whatever a user id may be, as in `user:auth0|5f7c`.
 */
export function roomNameFault(name: string): string | undefined {
  if (name.startsWith(INBOXES)) return isUserId(inboxOwner(name)) ? undefined : BAD_INBOX;
  return ROOM_NAME.test(name) ? undefined : BAD_NAME;
}
