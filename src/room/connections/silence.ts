import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import { silenceMs } from "../../protocol/silence.ts";
import type { Connection } from "./connection.ts";
import type { RoomSockets } from "./sockets.ts";

/**
 * When a peer last showed that it lives. `answeredAt` is when the platform last answered its ping
 * for us.
 *
 * @param now milliseconds since the epoch.
 */
export function aliveAt(
  { lastFrameAt }: Connection,
  answeredAt: number | undefined,
  now: number,
): number {
  // A ping of the future came before the clock was set back, and says nothing of today.
  const isPast = answeredAt !== undefined && answeredAt <= now + BOUNDS.heartbeatGraceMs;
  return Math.max(lastFrameAt, isPast ? answeredAt : 0);
}

/** Whether a peer has been silent for too long. */
export function isSilent(
  connection: Connection,
  answeredAt: number | undefined,
  limits: RoomLimits,
  now: number,
): boolean {
  return now - aliveAt(connection, answeredAt, now) > silenceMs(connection.session.wire, limits);
}

/** Those who have been silent for too long. */
export function silentAmong(
  connections: Iterable<Connection>,
  sockets: RoomSockets,
  limits: RoomLimits,
  now: number,
): readonly Connection[] {
  return [...connections].filter((connection) =>
    isSilent(connection, sockets.answeredAt(connection.id), limits, now),
  );
}

/** Which of these has been silent for the longest; `undefined` of none. */
export function longestSilent(
  connections: readonly Connection[],
  sockets: RoomSockets,
  now: number,
): Connection | undefined {
  let longest: Connection | undefined;
  let since = Number.POSITIVE_INFINITY;
  for (const connection of connections) {
    const at = aliveAt(connection, sockets.answeredAt(connection.id), now);
    if (at >= since) continue;
    longest = connection;
    since = at;
  }
  return longest;
}
