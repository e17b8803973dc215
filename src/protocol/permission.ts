import { type Refusal, refusal } from "./error.ts";
import type { ClientFrameRow } from "./frames/row.ts";
import { CLIENT_FRAMES, type ClientPayloads } from "./frames.ts";
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

/** Why somebody may not send a frame of a type, whatever it says; `undefined` when that depends. */
export function refuseFrame(type: keyof ClientPayloads, holder: Holder): Refusal | undefined {
  const { needs }: ClientFrameRow = CLIENT_FRAMES[type];
  return needs === undefined ? undefined : refuseWithout(needs, holder);
}
