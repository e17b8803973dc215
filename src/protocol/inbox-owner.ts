import { inboxName } from "./inbox-name.ts";

const INBOXES = inboxName("");

/** Whose inbox it is, by its name. */
export function inboxOwner(name: string): string {
  return name.slice(INBOXES.length);
}
