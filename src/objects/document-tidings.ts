import type { NewVersion } from "../document/version-store.ts";
import { bodyOf, type Subscription } from "../room/hooks/subscription.ts";
import type { Delivery } from "../room/store/outbox.ts";

export type { VersionCause } from "../document/version-store.ts";

/** What a version that is kept is called outside of its document. */
export const VERSION_KEPT = "document.version";

/** Where versions are kept, and who may hear of them. */
export interface TidingsPlace {
  /** The document's room. */
  readonly room: string;
  readonly subscriptions: readonly Subscription[];
  readonly newId: () => string;
}

/** What is to be brought to those who hear of a version, stored with it under a key of its own. */
export function tidingsOf(
  { id, at, by, label, cause }: NewVersion,
  { room, subscriptions, newId }: TidingsPlace,
): readonly Delivery[] {
  const hearing = subscriptions.filter((subscription) => subscription.hears(VERSION_KEPT));
  if (hearing.length === 0) return [];
  // Ids begin anew with a document that was deleted, so they alone would be no key.
  const key = `${newId()}#${id}`;
  const payload = JSON.stringify({ id, cause, label });
  const body = bodyOf(VERSION_KEPT, at, { room, seq: id, userId: by }, payload);
  return hearing.map((one) => ({ to: one.address(key), source: id, key, body }));
}
