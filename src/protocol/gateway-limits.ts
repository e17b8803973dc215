/** Bounds on who hears many rooms on one connection, each with its reason; in the units of `BOUNDS` (limits.ts). */
export const GATEWAY_BOUNDS = {
  /** Rooms on one connection: each is a connection of its own inside, of some 70 KiB in the Worker. */
  rooms: 32,
  /** Frames that wait for a room that is being entered, which takes a round trip. */
  heldFrames: 32,
  /** The whole connection may say so many times what one of a single room may. */
  quotaFactor: 4,
  /** An opaque cursor over so many rooms: each a name, an epoch and a number. Headers and URLs have room for it. */
  cursorChars: 12 * 1024,
} as const;
