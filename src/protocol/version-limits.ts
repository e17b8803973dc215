/** Bounds of the versions that a Yjs document keeps, each with its reason; in the units of `BOUNDS` (limits.ts). */
export const VERSION_BOUNDS = {
  /**
   * How many of each sort are kept, and their size: those with a label, those that somebody asked for,
   * and those that came by themselves. The oldest go first, and none goes for another sort's sake: who
   * may write must not push out what was there before.
   */
  each: 100,
  eachBytes: 128 * 1024 * 1024,
  /** One comes by itself at most this often. */
  automaticMs: 3_600_000,
  /** The largest id, of which a thousand times as much is still a whole number. */
  idMax: 1_000_000_000_000,
  /** A label is a line in a list. */
  labelChars: 100,
  /** The body of a request, which has a label at most. */
  bodyBytes: 4 * 1024,
  /** Versions of a document that wait to be told to a team's rules, which may fail for a day. */
  tidingsWaiting: 1_000,
  pageDefault: 50,
  pageMax: 100,
} as const;
