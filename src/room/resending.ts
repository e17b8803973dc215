import type { Json } from "../protocol/json.ts";
import type { RoomCore } from "./room-core.ts";
import { type StoredDeadLetter, TIMER_CARRIER } from "./store/dead-letters.ts";

/**
 * Has what was given up brought again, under its key: it waits in the outbox as if it had never been
 * tried, or its timer is due. `false` where another timer of its name waits.
 */
export function resend(
  { id, to, source, key, body }: StoredDeadLetter,
  { store, state, due }: Pick<RoomCore, "store" | "state" | "due">,
  now: number,
): boolean {
  if (to.carrier === TIMER_CARRIER) {
    // As it was stored, it is JSON.
    if (!state.special.revive(to.recipient, body as Json, now)) return false;
    due.by(now);
  } else store.outbox.add({ to, source, key, body }, now);
  store.deadLetters.remove(id);
  return true;
}
