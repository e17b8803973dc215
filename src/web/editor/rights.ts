import { type Grants, PERMISSIONS, permissionsIn } from "../../protocol/grant.ts";
import { claimsOf, type Identity, isRecord } from "../identity/identity.ts";

/**
 * Whether somebody may write in a room, as far as their token says. The server decides, and says so at
 * the first change that it does not take; where the token is silent a team's own rule may let them.
 */
export function mayWrite({ token, userId }: Identity, room: string): boolean {
  const permissions = permissionsIn({ name: room }, { userId, grants: grantsOf(token) });
  return permissions.length === 0 || permissions.includes("write");
}

function grantsOf(token: string): Grants {
  const { rooms } = claimsOf(token);
  if (!isRecord(rooms)) return {};
  return Object.fromEntries(
    Object.entries(rooms).map(([name, granted]) => [
      name,
      PERMISSIONS.filter((permission) => Array.isArray(granted) && granted.includes(permission)),
    ]),
  );
}
