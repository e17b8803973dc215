import type { RoomLimits } from "../../protocol/settings.ts";
import type { RoomState } from "../flush/room-state.ts";
import { historyMaxMs } from "../log/retention.ts";

/**
 * Until when a room that nobody is in has something worth keeping, milliseconds since the epoch:
 * `Infinity` while only an event can change that, `-Infinity` when there is nothing already. What
 * people have read is nothing without a log; what was given up lasts as long as history does.
 */
export function livesUntil(
  { store, special }: Pick<RoomState, "store" | "special">,
  limits: Pick<RoomLimits, "historyMaxDays">,
  now: number,
): number {
  if (!store.isWritten) return Number.NEGATIVE_INFINITY;
  const newestAt = store.log.newestAt();
  if (newestAt !== undefined && historyMaxMs(limits) === 0) return Number.POSITIVE_INFINITY;
  if (!store.outbox.isEmpty) return Number.POSITIVE_INFINITY;
  const [letter] = store.deadLetters.page(1);
  const keptMs = historyMaxMs(limits) || Number.POSITIVE_INFINITY;
  return Math.max(
    special.livesUntil(now),
    letter === undefined ? Number.NEGATIVE_INFINITY : letter.givenUpAt + keptMs,
    newestAt === undefined ? Number.NEGATIVE_INFINITY : newestAt + historyMaxMs(limits),
    store.bans.lastUntil() ?? Number.NEGATIVE_INFINITY,
  );
}
