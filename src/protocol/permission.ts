import { type Refusal, refusal } from "./error.ts";
import type { Permission } from "./grant.ts";

/** Somebody who may do something in a room. */
interface Holder {
  readonly permissions: readonly Permission[];
}

/** Why somebody may not do what needs any one of these grants; `undefined` when they may. */
export function refuseWithout(
  sufficient: readonly Permission[],
  { permissions }: Holder,
): Refusal | undefined {
  if (sufficient.some((permission) => permissions.includes(permission))) return undefined;
  const named = sufficient.map((permission) => `"${permission}"`).join(" or ");
  return refusal("access_denied", `This needs the grant ${named} for the room.`);
}
