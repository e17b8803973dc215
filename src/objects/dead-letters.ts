import { refusal } from "../protocol/error.ts";
import type { DeadLetterPage, ListedDeadLetter, Resent } from "../protocol/http-answer.ts";
import { iso } from "../protocol/iso.ts";
import { BOUNDS } from "../protocol/limits.ts";
import {
  type DeadLetterQuery,
  type StoredDeadLetter,
  TIMER_CARRIER,
} from "../room/store/dead-letters.ts";
import type { Address } from "../room/store/outbox.ts";
import type { RoomStore } from "../room/store/store.ts";
import type { RoomResult } from "./room-api.ts";

/** A page of what a room has given up, without what was to be brought: that may be a message's content. */
export function deadLetterPage(
  { deadLetters }: Pick<RoomStore, "deadLetters">,
  { before, limit }: DeadLetterQuery,
): DeadLetterPage {
  const letters = deadLetters.page(limit + 1, before);
  return {
    deadLetters: letters.slice(0, limit).map(listed),
    count: deadLetters.count,
    hasMore: letters.length > limit,
  };
}

/** What sending again needs of its room, or document. */
export interface Resending {
  readonly room: {
    /** Has letters brought again; those that can be. */
    resend(letters: readonly StoredDeadLetter[], now: number): readonly StoredDeadLetter[];
  };
  readonly store: Pick<RoomStore, "deadLetters">;
  /** Has these visited at once. */
  readonly retry: (recipients: readonly Address[]) => void;
}

const NONE_SUCH = refusal("not_found", "No such dead letter is kept here.");
const TIMER_WAITS = refusal(
  "conflict",
  "Another timer of this name waits in the room: there is one of each. Try again once it was run.",
);

/**
 * Sends one dead letter again, or all of them, the oldest first. All that can be: of a timer whose
 * name another one has by now nothing comes.
 */
export function resendDeadLetters(
  { room, store, retry }: Resending,
  id: number | undefined,
  now: number,
): RoomResult<Resent> {
  const { deadLetters } = store;
  const one = id === undefined ? undefined : deadLetters.find(id);
  if (id !== undefined && one === undefined) return { ok: false, error: NONE_SUCH };
  const letters = one === undefined ? deadLetters.page(BOUNDS.deadLetters).toReversed() : [one];
  const resent = room.resend(letters, now);
  if (one !== undefined && resent.length === 0) return { ok: false, error: TIMER_WAITS };
  retry(resent.map(({ to }) => to));
  return { ok: true, value: { resent: resent.length } };
}

function listed(letter: StoredDeadLetter): ListedDeadLetter {
  const { id, to, source, key, reason, at, givenUpAt } = letter;
  return {
    id,
    carrier: to.carrier,
    recipient: to.recipient,
    name: nameOf(letter),
    key,
    seq: source,
    reason,
    storedAt: iso(at),
    ...(givenUpAt === 0 ? {} : { givenUpAt: iso(givenUpAt) }),
  };
}

/** What it would have told: the type of an event or a notice, or the name of a timer. */
function nameOf({ to, body }: StoredDeadLetter): string {
  // What a timer's rule is handed may be anything.
  if (to.carrier === TIMER_CARRIER) return to.recipient;
  // Bodies are written as carriers read them: JSON text for webhooks and rules, an object for inboxes.
  const told: unknown = typeof body === "string" ? JSON.parse(body) : body;
  const type: unknown = Reflect.get(Object(told), "type");
  return typeof type === "string" ? type : to.recipient;
}
