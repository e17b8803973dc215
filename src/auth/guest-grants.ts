import { ProtocolError } from "../protocol/error.ts";
import { type Grants, permissionsIn } from "../protocol/grant.ts";
import { ROOM_NAME } from "../protocol/room-name.ts";

/** Guests watch topics and never publish there, however wide the pattern that lets them in. */
const TOPICS: Grants = { "topic:*": ["read"] };

/**
 * What a guest's token grants.
 *
 * @param patterns the rooms that guests are let into.
 * @param asked less than that, when the guest wants no more: by names of rooms, for what a prefix
 *   covers would be decided twice.
 * @throws {ProtocolError} `invalid_request` for a prefix, `access_denied` for more than guests may.
 */
export function guestGrants(patterns: readonly string[], asked?: Grants): Grants {
  const all: Grants = {
    ...Object.fromEntries(patterns.map((name) => [name, ["read", "write", "publish"] as const])),
    ...TOPICS,
  };
  if (asked === undefined) return all;
  for (const [name, permissions] of Object.entries(asked)) {
    if (!ROOM_NAME.test(name)) {
      throw new ProtocolError("invalid_request", `rooms: must be names of rooms, without a *.`);
    }
    const given = permissionsIn({ name }, { userId: "", grants: all });
    const beyond = permissions.filter((permission) => !given.includes(permission));
    if (beyond.length > 0) {
      throw new ProtocolError("access_denied", `Guests may not ${beyond.join(", ")} in ${name}.`);
    }
  }
  return asked;
}
