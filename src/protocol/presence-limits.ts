/** Bounds of how often people show something of themselves, each with its reason; as `BOUNDS` (limits.ts). */
export const PRESENCE_BOUNDS = {
  /**
   * How many times as often as it is told a connection may say what its person shows: a page may say it
   * with each picture of its screen, of which there are up to 120 a second. Each costs its reading alone.
   */
  saidPerTold: 4,
  /**
   * What of all that people show a connection is told a second: a hundred that move thirty times. Of more
   * each is told more seldom, or what is sent would grow by the square of them.
   */
  toldPerSecond: 3_000,
  /**
   * What of it may wait in memory: beyond it all goes on at once, to where what waits has a bound of its own.
   * Two thousand at a time that are as long as may be.
   */
  waitingBytes: 4 * 1024 * 1024,
  /**
   * How far apart sockets keep what people show, in milliseconds: it outlasts a sleep, which comes after
   * ten seconds without a timer, and fifty people move their cursors 1,500 times a second.
   */
  keepGapMs: 1_000,
} as const;
