import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import type { RoomLog } from "./log.ts";

const DAY_MS = 86_400_000;
/** Rows dropped at one wake: a long backlog goes in slices, and each slice is a short event. */
const SLICE = 1_000;

/** How long an event is kept by the settings, in milliseconds; 0 for as long as others allow. */
export function historyMaxMs({ historyMaxDays }: Pick<RoomLimits, "historyMaxDays">): number {
  return historyMaxDays * DAY_MS;
}

/** Whether this deployment ever drops history. */
export function hasRetention(limits: RoomLimits): boolean {
  return limits.historyMaxMessages > 0 || limits.historyMaxDays > 0;
}

/**
 * Drops what the settings no longer keep, at most a slice of it.
 *
 * @returns when to look again, milliseconds since the epoch; `undefined` when only a new event can
 *   make that necessary.
 */
export function applyRetention(log: RoomLog, limits: RoomLimits, now: number): number | undefined {
  const below = Math.max(
    limits.historyMaxMessages > 0 ? firstKept(log, limits.historyMaxMessages) : 0,
    limits.historyMaxDays > 0 ? log.firstSince(now - historyMaxMs(limits)) : 0,
  );
  // The log is the memory of messageIds: within their window it must not forget (promise 2).
  const remembered = log.firstSince(now - BOUNDS.dedupeWindowMs);
  const end = Math.min(below, remembered);
  if (end > log.oldest && log.trim(end, SLICE) === SLICE) return now;
  if (remembered < below) return now + BOUNDS.dedupeWindowMs;
  const oldestAt = limits.historyMaxDays > 0 ? log.oldestAt() : undefined;
  // The head outlives its days, for its seq is the room's counter: it must not call for ever.
  return oldestAt === undefined || log.oldest >= log.head
    ? undefined
    : oldestAt + historyMaxMs(limits);
}

/** `seq` of the first event to keep of so many messages and of the edits and reactions between them. */
function firstKept(log: RoomLog, messages: number): number {
  const rows = messages * BOUNDS.rowsPerMessageKept + BOUNDS.rowsKeptBeyond;
  return Math.max(log.firstOfNewest(messages) ?? 0, log.head - rows + 1);
}
