/**
 * How long servers of Socket.IO wait for an answer to a ping, in milliseconds: under the heaviest load a
 * reader is further behind than the 20 s that all have by default, and would be cut off.
 */
export const PING_TIMEOUT_MS = 60_000;
