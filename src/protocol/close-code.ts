/**
 * WebSocket close codes (P9.2; 1000–1015 by RFC 6455 §7.4.1). `reconnect` is what a client
 * does next: `never`, `with-token` (only if it can bring a new one), `backoff`, or `at-once`
 * (with jitter: everyone is told at the same moment). `error` is what it takes the close for, when no
 * `error` frame came before it.
 */
export const CLOSE_CODES = {
  done: { code: 1000, reconnect: "backoff", error: "disconnected" },
  tooLarge: { code: 1009, reconnect: "backoff", error: "too_large" },
  internal: { code: 1011, reconnect: "backoff", error: "internal" },
  restart: { code: 1012, reconnect: "at-once", error: "disconnected" },
  comingBack: { code: 4000, reconnect: "backoff", error: "disconnected" },
  badFrames: { code: 4400, reconnect: "never", error: "invalid_frame" },
  unauthorized: { code: 4401, reconnect: "with-token", error: "unauthorized" },
  accessDenied: { code: 4403, reconnect: "never", error: "access_denied" },
  heartbeatLost: { code: 4408, reconnect: "backoff", error: "timeout" },
  upgradeRequired: { code: 4426, reconnect: "never", error: "upgrade_required" },
  tooMany: { code: 4429, reconnect: "backoff", error: "rate_limited" },
  notConfigured: { code: 4503, reconnect: "backoff", error: "not_configured" },
} as const;

/** What a client does after a close. */
export type Reconnect = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES]["reconnect"];

/** What a client makes of a close code; one that is not in the table (1006 above all) backs off. */
export function closeOf(
  code: number,
): Omit<(typeof CLOSE_CODES)[keyof typeof CLOSE_CODES], "code"> {
  const known = Object.values(CLOSE_CODES).find((entry) => entry.code === code);
  return known ?? { reconnect: "backoff", error: "disconnected" };
}
