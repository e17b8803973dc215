import type { Json } from "../../protocol/json.ts";
import type { RoomCore } from "../room-core.ts";
import { type StoredDeadLetter, TIMER_CARRIER } from "../store/dead-letters.ts";

type Core = Pick<RoomCore, "store" | "state" | "due">;

/**
 * Has what was given up brought again, under its keys: it waits in the outbox as if it had never been
 * tried, or its timer is due. All that can be, in one transaction; the room's memory follows once that
 * stands.
 *
 * @returns what that was: not a timer of whose name another one waits.
 */
export function resend(
  letters: readonly StoredDeadLetter[],
  core: Core,
  now: number,
): readonly StoredDeadLetter[] {
  const { store, state, due } = core;
  const resent: StoredDeadLetter[] = [];
  state.special.begin();
  store.log.transaction(() => {
    for (const letter of letters) if (resendOne(letter, core, now)) resent.push(letter);
  });
  state.special.settled(now);
  due.by(state.special.wakeAt());
  return resent;
}

function resendOne(
  { id, to, source, key, body }: StoredDeadLetter,
  { store, state }: Core,
  now: number,
): boolean {
  // As it was stored, it is JSON.
  if (to.carrier !== TIMER_CARRIER) store.outbox.add({ to, source, key, body }, now);
  else if (!state.special.revive(to.recipient, body as Json, now)) return false;
  store.deadLetters.remove(id);
  return true;
}
