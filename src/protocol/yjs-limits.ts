/** Bounds on Yjs documents, each with its reason; in the units of `BOUNDS` (limits.ts). */
export const YJS_BOUNDS = {
  /**
   * Nesting of one value in an update. A reader decodes it by recursion, on a stack that may
   * be smaller than ours: what we could read to the last level might break it.
   */
  depth: 128,
  /** Decoders in other languages hold the clock of an item in 32 bits. */
  clock: 0xffff_ffff,
  /**
   * Client ids that one document, or one update, may name: each is an entry in memory, and some eight
   * bytes in the state vector that whoever joins is sent. A page that is opened and writes uses one.
   */
  clients: 100_000,
  /** Gaps in one update: an honest one has a few, where changes of others have not come yet. */
  gaps: 1_000,
  /**
   * Stretches of items beyond gaps that a document remembers: each of its clients' updates is held against
   * those of that client. An update that fills some gaps of many counts as come, and leaves the rest.
   */
  aheadRanges: 10_000,
  /** Ranges of deleted items that a document remembers, so that what is deleted already is no news. */
  deletedRanges: 100_000,
  /**
   * Updates that wait for others which never came, and their size: compaction cannot shrink them, and
   * each joiner is sent them. Honest ones wait for as long as another tab's socket takes.
   */
  waitingUpdates: 256,
  waitingBytes: 4 * 1024 * 1024,
  /** What each waiting update is known to wait for; beyond that it counts as come when these have. */
  waitingNeeds: 16,
  /**
   * Updates merged at once. The cost of merging grows with the square of their number: per update it
   * is least at 50, four times as much at 1,000, and 36 times at 8,000.
   */
  mergeFan: 50,
  /**
   * What is not merged for somebody who joins, in bytes: merging it takes longer than to send it in a
   * frame of its own. Of a tail of 1 MiB these are 256 at most.
   */
  mergedBytes: 4 * 1024,
  /**
   * The largest document that is built in memory to be compacted or exported, in encoded bytes: built
   * it takes ten times as much, of the object's 128 MB.
   */
  builtBytes: 5 * 1024 * 1024,
  /**
   * Levels of shared types within each other in a document that is built. An editor's are some tens; Yjs
   * takes memory with their square, and 8,000 of them, in 100 KB of updates, took it a minute.
   */
  nestedTypes: 500,
  /** Updates that one compaction sets aside because they break a document, each searched for by halves. */
  quarantined: 16,
  /** What one connection shows of itself in a document, as JSON: it has to fit beside the session in its attachment. */
  awarenessBytes: 8 * 1024,
  /** Client ids that one connection shows: a stock client has one, and speaks for tabs beside it. */
  awarenessClients: 16,
  /**
   * Client ids that one connection shows one after the other: readers remember the clock of each for as
   * long as they have the document open. Of an honest one they are tabs that come and go beside it.
   */
  awarenessNamed: 256,
  /** What all connections of a document show together: it is in memory, and sent to whoever joins. */
  awarenessTotalBytes: 4 * 1024 * 1024,
  /** Entries in one awareness message: a stock client repeats all that it hears in one. */
  awarenessEntries: 5_000,
  /** A stock client renews what it shows every 15 s, and takes others for gone after 30 s. */
  awarenessOutdatedMs: 30_000,
  /** How long, and of how many, the clock of a client that left is kept: late echoes must not bring it back. */
  awarenessLeftMs: 60_000,
  awarenessLeft: 2_000,
} as const;
