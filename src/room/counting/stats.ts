import type { Tally } from "../../metrics/counts.ts";
import { parseEndingKey } from "../../metrics/ending.ts";
import { withoutKind } from "../../metrics/kind-key.ts";
import type { Numbers } from "../../metrics/reporter.ts";
import type { Disconnects, RoomStats } from "../../protocol/http-answer.ts";
import type { RoomClock } from "../hooks/clock.ts";
import type { RoomLog } from "../log/log.ts";

/** Who is in a room, and what goes on in it by itself. */
interface Occupants {
  readonly connections: number;
  readonly users: readonly unknown[];
  readonly special: { readonly clock: Pick<RoomClock, "standing"> | undefined };
}

/** Puts a room's numbers in words. */
export function statsOf(
  room: Occupants,
  log: Pick<RoomLog, "epoch" | "head" | "oldest">,
  { totals, peak }: Numbers,
  storedBytes: number,
): RoomStats {
  const { clock } = room.special;
  return {
    ...(clock === undefined
      ? {}
      : { clock: { ...clock.standing, skippedTicks: totals.skippedTicks } }),
    epoch: log.epoch,
    seq: log.head,
    connections: room.connections,
    users: room.users.length,
    peak,
    messages: totals.messages,
    frames: totals.framesIn,
    bytes: { in: totals.bytesIn, out: totals.bytesOut },
    // The log has no gaps, so its two ends tell.
    logRows: log.head - log.oldest + 1,
    storedBytes,
    connects: totals.connects,
    disconnects: disconnectsByCode(totals.disconnects),
    refusals: withoutKind(totals.refusals),
    ruleFailures: withoutKind(totals.ruleFailures),
    flushes: {
      count: Object.values(totals.flushes).reduce((sum, count) => sum + count, 0),
      items: totals.flushItems,
    },
  };
}

/** How connections ended, by close code. */
export function disconnectsByCode(tally: Tally): Record<string, Disconnects> {
  const byCode: Record<string, Disconnects> = {};
  for (const [key, count] of Object.entries(tally)) {
    const { code, clean } = parseEndingKey(key);
    const { clean: cleanly, abnormal } = byCode[code] ?? { clean: 0, abnormal: 0 };
    byCode[code] = clean
      ? { clean: cleanly + count, abnormal }
      : { clean: cleanly, abnormal: abnormal + count };
  }
  return byCode;
}
