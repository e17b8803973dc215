import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import type { Connection } from "../connections/connection.ts";
import type { RoomSockets } from "../connections/sockets.ts";
import type { RoomState } from "../flush/room-state.ts";
import { applyRetention, hasRetention } from "../log/retention.ts";

/**
 * Drops what need not last: receipts of the many who are far behind, bans that are over, history
 * beyond its retention.
 *
 * @returns when to look again, milliseconds since the epoch; `undefined` when nothing calls for it.
 */
export function trim(
  { special, store, receipts, failed }: RoomState,
  limits: RoomLimits,
  now: number,
): number | undefined {
  store.receipts.trim(BOUNDS.receiptsKept);
  receipts.trim(BOUNDS.receiptsKept);
  store.bans.expire(now);
  let keptFrom: number | undefined;
  try {
    // Before the log is trimmed: a kind may have yet to keep what follows from it.
    special.upkeep(now);
    keptFrom = special.keepsFrom();
  } catch (failure) {
    failed(failure);
    return now + limits.sweepMs;
  }
  if (keptFrom === undefined && !hasRetention(limits)) return undefined;
  const lookAt = applyRetention(store.log, limits, now, keptFrom);
  store.keys.trim(store.log.oldest);
  special.trimmed(store.log.oldest);
  return lookAt;
}

/**
 * Keeps unsaved receipts in their readers' attachments, until company comes for the write.
 *
 * @returns whether any was put there that was not before.
 */
export function keepReceipts({ receipts, connections }: RoomState, sockets: RoomSockets): boolean {
  if (!receipts.hasUnsaved) return false;
  let isNew = false;
  for (const connection of connections.values()) {
    const { session, id } = connection;
    const readUpTo = receipts.unsaved.get(session.userId);
    if (readUpTo === undefined || session.readUpTo === readUpTo) continue;
    connection.session = { ...session, readUpTo };
    sockets.save(id, connection.session);
    isNew = true;
  }
  return isNew;
}

/** Nobody was heard later than now: who fell silent would be found late by as much as the clock was set back. */
export function followClockBack(connections: Iterable<Connection>, now: number): void {
  for (const connection of connections) {
    connection.lastFrameAt = Math.min(connection.lastFrameAt, now);
  }
}
