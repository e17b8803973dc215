import type { ErrorCode } from "./error.ts";

/**
 * WebSocket close codes (CONTRACT §5; 1000–1015 by RFC 6455 §7.4.1). `reconnect` is what a client
 * does next: `never`, `with-token` (only if it can bring a new one), `backoff`, or `at-once`
 * (with jitter: everyone is told at the same moment).
 */
export const CLOSE_CODES = {
  done: { code: 1000, reconnect: "never" },
  tooLarge: { code: 1009, reconnect: "backoff" },
  internal: { code: 1011, reconnect: "backoff" },
  restart: { code: 1012, reconnect: "at-once" },
  badFrames: { code: 4400, reconnect: "never" },
  unauthorized: { code: 4401, reconnect: "with-token" },
  accessDenied: { code: 4403, reconnect: "never" },
  heartbeatLost: { code: 4408, reconnect: "backoff" },
  tooMany: { code: 4429, reconnect: "backoff" },
  notConfigured: { code: 4503, reconnect: "backoff" },
} as const;

/** What a client does after a close. */
export type Reconnect = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES]["reconnect"];

const BY_ERROR: Readonly<Record<ErrorCode, keyof typeof CLOSE_CODES>> = {
  invalid_frame: "badFrames",
  invalid_request: "badFrames",
  unknown_type: "badFrames",
  conflict: "badFrames",
  unauthorized: "unauthorized",
  token_expired: "unauthorized",
  access_denied: "accessDenied",
  banned: "accessDenied",
  not_found: "accessDenied",
  too_large: "tooLarge",
  rate_limited: "tooMany",
  too_many_connections: "tooMany",
  internal: "internal",
  not_configured: "notConfigured",
};

/** The code that closes a WebSocket refused with this error. */
export function closeCodeFor(error: ErrorCode): number {
  return CLOSE_CODES[BY_ERROR[error]].code;
}

/** What a client does after this close code; a code not in the table (1006 above all) backs off. */
export function reconnectAfter(code: number): Reconnect {
  const known = Object.values(CLOSE_CODES).find((entry) => entry.code === code);
  return known?.reconnect ?? "backoff";
}
