import { type Refusal, refusal } from "../protocol/error.ts";
import type { Permission } from "../protocol/grant.ts";
import type { Actor } from "./actor.ts";

/** Why an actor may not do what needs a permission; `undefined` when it may. */
export function missing(actor: Actor, permission: Permission): Refusal | undefined {
  return actor.permissions.includes(permission)
    ? undefined
    : refusal("access_denied", `This needs the grant "${permission}" for the room.`);
}

/** Why an actor may not change someone's message: it is their own with `write`, or any with `moderate`. */
export function notTheirs(actor: Actor, authorId: string): Refusal | undefined {
  if (actor.permissions.includes("moderate")) return undefined;
  return actor.userId === authorId
    ? missing(actor, "write")
    : refusal("access_denied", 'Only its author, or the grant "moderate", may change a message.');
}
