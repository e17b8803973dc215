import { type Refusal, refusal } from "../../protocol/error.ts";
import type { Actor } from "../../room/actor.ts";

/** Why an actor may not edit a message: nobody words what stands under another's name. */
export function refuseEdit(actor: Actor, authorId: string): Refusal | undefined {
  return actor.userId === authorId
    ? undefined
    : refusal("access_denied", "Only its author may edit a message.");
}

/** Why an actor may not delete a message: it is their own, or any with `moderate`. */
export function refuseDeletion(actor: Actor, authorId: string): Refusal | undefined {
  return actor.userId === authorId || actor.permissions.includes("moderate")
    ? undefined
    : refusal("access_denied", 'Only its author, or the grant "moderate", may delete a message.');
}
