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
 * Drops what need not last, at most a slice of it: what the settings no longer keep, or what a kind says
 * that keeps its events itself.
 *
 * @param keptFrom the oldest `seq` to stay, of such a kind.
 * @returns when to look again, milliseconds since the epoch; `undefined` when only a new event can
 *   make that necessary.
 */
export function applyRetention(
  log: RoomLog,
  limits: RoomLimits,
  now: number,
  keptFrom?: number,
): number | undefined {
  const below = keptFrom ?? firstBySettings(log, limits, now);
  // The log is the memory of messageIds: within their window it must not forget (promise 2).
  const remembered = log.firstSince(now - BOUNDS.dedupeWindowMs);
  const end = Math.min(below, remembered);
  if (end > log.oldest && log.trim(end, SLICE) === SLICE) return now;
  if (remembered < below) return now + BOUNDS.dedupeWindowMs;
  const isByDays = keptFrom === undefined && limits.historyMaxDays > 0;
  const oldestAt = isByDays ? log.oldestAt() : undefined;
  // The head outlives its days, for its seq is the room's counter: it must not call for ever.
  return oldestAt === undefined || log.oldest >= log.head
    ? undefined
    : oldestAt + historyMaxMs(limits);
}

function firstBySettings(log: RoomLog, limits: RoomLimits, now: number): number {
  return Math.max(
    limits.historyMaxMessages > 0 ? firstKept(log, limits.historyMaxMessages) : 0,
    limits.historyMaxDays > 0 ? log.firstSince(now - historyMaxMs(limits)) : 0,
  );
}

/** `seq` of the first event to keep of so many messages and of the edits and reactions between them. */
function firstKept(log: RoomLog, messages: number): number {
  const rows = messages * BOUNDS.rowsPerMessageKept + BOUNDS.rowsKeptBeyond;
  return Math.max(log.firstOfNewest(messages) ?? 0, log.head - rows + 1);
}
