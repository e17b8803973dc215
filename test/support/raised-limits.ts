/**
 * Settings under which one address and one user may do what a crowd does: a test opens every
 * connection itself, and one sender speaks for many.
 */
export const RAISED_LIMITS = {
  LIMIT_FRAMES_PER_SECOND: "100000",
  LIMIT_FRAMES_BURST: "100000",
  LIMIT_BYTES_PER_SECOND: "0",
  LIMIT_CONNECTIONS_PER_USER: "0",
  LIMIT_CONNECTIONS_PER_IP: "32000",
  LIMIT_JOINS_PER_MINUTE: "0",
  LIMIT_MENTIONS_PER_MINUTE: "0",
  LIMIT_NOTICES_PER_MINUTE: "0",
} as const;
