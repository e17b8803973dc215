import { ERROR_CODES } from "./error.ts";

/**
 * Why we close a connection, in the words of the close frame and of the log. What a refusal ends is
 * closed with its error code instead.
 */
export const CLOSE_REASONS = {
  leftRoom: "left the room",
  gaveWay: "gave way to a newer one",
  heartbeatLost: "heartbeat lost",
  notReading: "not reading",
  deleted: "deleted",
  importing: "the room is being imported",
  restart: "restart",
  socketError: "socket error",
  pollAnswered: "the poll is answered",
  readerTooSlow: "the reader is too slow",
  readerLeft: "the reader left",
  roomGone: "the room is gone",
} as const;

/** A reason of {@link CLOSE_REASONS}. */
export type CloseReason = (typeof CLOSE_REASONS)[keyof typeof CLOSE_REASONS];

const OURS: ReadonlySet<string> = new Set([
  ...Object.values(CLOSE_REASONS),
  ...Object.keys(ERROR_CODES),
]);

/** Whether a reason is one of ours: a peer may word its close with a token or a message. */
export function isOurReason(reason: string): boolean {
  return OURS.has(reason);
}
