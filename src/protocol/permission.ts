import { type Refusal, refusal } from "./error.ts";
import type { Permission } from "./grant.ts";

/** Why who has these permissions may not do what needs another; `undefined` when it may. */
export function missing(
  { permissions }: { readonly permissions: readonly Permission[] },
  permission: Permission,
): Refusal | undefined {
  return permissions.includes(permission)
    ? undefined
    : refusal("access_denied", `This needs the grant "${permission}" for the room.`);
}
