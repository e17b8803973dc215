/** Bounds of games, each with its reason; in the units of `BOUNDS` (limits.ts). */
export const GAME_BOUNDS = {
  /** Ticks a second: screens show 60, and a timer of the platform keeps that up (DESIGN, games). */
  tickHz: 60,
  tickHzDefault: 20,
  /** What is told of a player each time: a row of numbers, and all rows of all players in one frame. */
  fields: 16,
  fieldChars: 32,
  /** The finest step of a field is a millionth: the whole number told is then far from 2^53 yet. */
  scale: 1_000_000,
  /** Players in a room: a tick sends a frame to each, and that is most of what it costs. */
  players: 200,
  /**
   * Ids of players, which are told in each row, so they are short. Many more than players, and given
   * out in a circle: that of somebody who has gone is nobody else's for a while.
   */
  playerIds: 1_000,
  /** What a player wants, as JSON: it is held until the next tick, once a player. */
  inputBytes: 1024,
  /** Ticks made up after a stall: more would stall it again. */
  ticksAtOnce: 5,
  /** How long somebody whose connection broke keeps a player that stands still, in milliseconds. */
  graceMs: 10_000,
  /** How often everything is told, changed or not, in milliseconds. */
  fullMs: 1_000,
  /** What `save` keeps is one row, and each write of it costs: so far apart at least, in milliseconds. */
  saveGapMs: 1_000,
  saveBytes: 64 * 1024,
  /**
   * What may have been sent to a reader and not be read yet, by what its marks tell: beyond that it is
   * passed over, and told all of it when it reads again. Half a second of the largest game, and what
   * is on its way to a reader far away.
   */
  unreadBytes: 256 * 1024,
  /** How often the failures of one of a game's functions are told, in milliseconds: it may fail each tick. */
  failureGapMs: 1_000,
} as const;
