import { hasOwn } from "./has-own.ts";
import { inboxName } from "./inbox-name.ts";
import type { RoomName } from "./room-name.ts";

/** What a grant may allow in a room (P2.5). */
export const PERMISSIONS = ["read", "write", "publish", "moderate"] as const;
/** One of {@link PERMISSIONS}. */
export type Permission = (typeof PERMISSIONS)[number];

/** How the name of every inbox begins. */
const INBOXES = inboxName("");

/** Grants of a token: a room's name, or a `prefix*`; only one that begins `user:` reaches inboxes. */
export type Grants = Readonly<Record<string, readonly Permission[]>>;

/** Who someone is, from a verified token and from nowhere else. */
export interface Identity {
  readonly userId: string;
  /** Display name; the user id when the token has none. */
  readonly name: string;
  readonly grants: Grants;
  /** When the token ends, milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * What an identity may do in a room: the most specific matching grant counts (the exact name, then
 * the longest prefix, then `*`), and one's own inbox can always be read.
 */
export function permissionsIn(
  room: Pick<RoomName, "name">,
  identity: Pick<Identity, "userId" | "grants">,
): readonly Permission[] {
  const granted = matchingGrant(room, identity.grants);
  return room.name === inboxName(identity.userId) && !granted.includes("read")
    ? ["read", ...granted]
    : granted;
}

function matchingGrant({ name }: Pick<RoomName, "name">, grants: Grants): readonly Permission[] {
  if (hasOwn(grants, name)) return grants[name] ?? [];
  let best: string | undefined;
  for (const pattern of Object.keys(grants)) {
    const matches = pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1));
    // Or "u*", meant for rooms of one's own, would open every inbox.
    const reachesInbox = !name.startsWith(INBOXES) || pattern.startsWith(INBOXES);
    if (matches && reachesInbox && pattern.length > (best?.length ?? 0)) best = pattern;
  }
  return best === undefined ? [] : (grants[best] ?? []);
}
