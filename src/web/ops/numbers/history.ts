import { disconnectsIn, type Reading, refusalsIn } from "./reading.ts";

/** How often the server is asked, in milliseconds. */
export const POLL_MS = 4_000;
/**
 * Rooms report every 8 s: a rate is taken over two of these, or it would jump between nothing and
 * twice of what is true.
 */
const WINDOW = 4;
/** Fifteen minutes. */
const READINGS = 225;

/** One moment on the charts. What is a rate is missing until there are two readings. */
export interface Moment {
  /** Seconds since the epoch, as the charts want it. */
  readonly at: number;
  readonly connections: number;
  readonly rooms: number;
  readonly documents: number;
  readonly editors: number;
  readonly messagesPerSecond: number | null;
  readonly bytesInPerSecond: number | null;
  readonly bytesOutPerSecond: number | null;
  /** Items; missing while nothing is flushed. */
  readonly flushSize: number | null;
  readonly refusalsPerSecond: number | null;
  readonly abnormalPerMinute: number | null;
}

/** The readings so far and one more; the oldest fall off. */
export function remember(
  readings: readonly Reading[],
  reading: Reading,
): readonly [Reading, ...Reading[]] {
  const [first = reading, ...rest] = [...readings, reading].slice(-READINGS);
  return [first, ...rest];
}

/** What the charts show of the readings. */
export function momentsOf(readings: readonly Reading[]): readonly Moment[] {
  return readings.map((reading, i) =>
    momentOf(reading, i === 0 ? undefined : readings[Math.max(0, i - WINDOW)]),
  );
}

function momentOf(now: Reading, before: Reading | undefined): Moment {
  const seconds = before === undefined ? 0 : (now.at - before.at) / 1000;
  /** A counter that fell began anew: what it counts now, it counted since. */
  const gain = (of: (reading: Reading) => number) => {
    const [a, b] = [before === undefined ? 0 : of(before), of(now)];
    return b < a ? b : b - a;
  };
  const perSecond = (of: (reading: Reading) => number) => (seconds > 0 ? gain(of) / seconds : null);
  const flushes = gain((reading) => reading.flushes);
  const abnormalPerSecond = perSecond((reading) => disconnectsIn(reading).abnormal);
  return {
    at: now.at / 1000,
    connections: now.connections,
    rooms: now.rooms,
    documents: now.documents,
    editors: now.editors,
    messagesPerSecond: perSecond((reading) => reading.messages),
    bytesInPerSecond: perSecond((reading) => reading.bytesIn),
    bytesOutPerSecond: perSecond((reading) => reading.bytesOut),
    flushSize:
      before === undefined || flushes === 0
        ? null
        : gain((reading) => reading.flushItems) / flushes,
    refusalsPerSecond: perSecond(refusalsIn),
    abnormalPerMinute: abnormalPerSecond === null ? null : abnormalPerSecond * 60,
  };
}
