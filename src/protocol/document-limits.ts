/** Bounds of documents, each with its reason; in the units of `BOUNDS` (limits.ts). */
export const DOCUMENT_BOUNDS = {
  /**
   * A frame in a document, where a paste or a snapshot must fit; and one that is that large leaves the
   * sender in debt for some seconds, by its quota of bytes.
   */
  frameBytes: 576 * 1024,
  bytesBurst: 1024 * 1024,
  /**
   * Frames a second of a connection in a document: whoever was refused for missing a change asks again
   * at once, and of ten that write together nine are refused each time.
   */
  framesPerSecond: 100,
  framesBurst: 200,
  /** Changes in one frame: what somebody wrote offline for some minutes. The row holds them all. */
  changes: 500,
  changesBytes: 256 * 1024,
  /** Accepted changes of a connection a second: no two hands type that fast, and a paste is one change. */
  changesPerSecond: 50,
  changesBurst: 250,
  /** A document as its clients wrote it down: whoever joins is told it whole. */
  snapshotBytes: 512 * 1024,
  /** Where somebody's cursor is: some numbers, perhaps of several selections. */
  positionBytes: 1024,
  /** Where all cursors of a document are together, with whose they are, as whoever joins is told it. */
  cursorsBytes: 256 * 1024,
  /**
   * Frames of changes since the newest snapshot, and their bytes: whoever joins is told them all, and
   * they are refused beyond that until a client has sent a snapshot.
   */
  tailEvents: 50_000,
  tailBytes: 32 * 1024 * 1024,
  /** Frames of changes before the snapshot that stay, for those who were away for a moment and go on. */
  eventsKept: 1_000,
  /**
   * Missed changes that follow a refusal, at most: whoever is connected was told them before, and must
   * not have the whole log read by saying that it has nothing.
   */
  missedEvents: 32,
  missedBytes: 64 * 1024,
  /** How far apart the flushes of a document are, in milliseconds: in between, who is first is chosen. */
  gapMs: 10,
} as const;
