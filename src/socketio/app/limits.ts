import { GATEWAY_BOUNDS } from "../../protocol/gateway-limits.ts";

/**
 * What the default app of Socket.IO allows one connection, each bound with its reason. Sizes are in
 * UTF-16 code units (`Chars`) or bytes (`Bytes`); durations in milliseconds (`Ms`).
 */
export const APP_BOUNDS = {
  /** It is told back in answers. */
  namespaceChars: 256,
  /** Parts in binary of one packet, as servers of Socket.IO have it. */
  attachments: 10,
  /** As many as over one socket of our own protocol. */
  rooms: GATEWAY_BOUNDS.rooms,
  /** All rooms by their longest names, in what a client brings back; nobody else sends it. */
  offsetChars: 16 * 1024,
  /** How long whoever has opened a connection may be in no namespace, as servers of Socket.IO have it. */
  connectMs: 45_000,
  /**
   * How long one that comes back waits for its rooms before it is let in. A room answers within some
   * milliseconds, or is being moved: then it is entered behind the client's back.
   */
  recoverMs: 3_000,
  /** What was said to a room and is not answered yet; a connection may say 50 at once, and 20 a second. */
  unanswered: 256,
  unansweredChars: 1024 * 1024,
  /** Own messages that are known as such when they come back: they do within a flush of their ack. */
  ownMessages: 512,
  /** Pauses between tries to enter a room again that was lost: the first at once, up to the second. */
  reenterMinMs: 100,
  reenterMaxMs: 10_000,
  /** What a room tells while its reader is being let in waits here. */
  heldChars: 8 * 1024 * 1024,
  /**
   * Messages of rooms that are kept for the next reader, over all clients of a Worker: those who also
   * send are told others, with their answers. Read and translated they are a few times their size.
   */
  readings: 16,
  readingsChars: 1024 * 1024,
} as const;
