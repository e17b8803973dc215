import { type Refusal, refusal } from "../protocol/error.ts";
import { missing } from "../protocol/grant.ts";
import type { Actor } from "./actor.ts";

/** Why an actor may not change someone's message: it is their own with `write`, or any with `moderate`. */
export function notTheirs(actor: Actor, authorId: string): Refusal | undefined {
  if (actor.permissions.includes("moderate")) return undefined;
  return actor.userId === authorId
    ? missing(actor, "write")
    : refusal("access_denied", 'Only its author, or the grant "moderate", may change a message.');
}
