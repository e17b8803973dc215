/**
 * Bounds of what editors of a Yjs document may do, and of how it is told and stored, each with its reason. Sizes are in bytes (`Bytes`),
 * durations in milliseconds (`Ms`).
 */
export const EDITOR_BOUNDS = {
  /** Refused frames of one connection, in a row or not: a broken or hostile client (close 4400). */
  badFrames: 10,
  /** Longest wait between two flushes of a busy document: what two who type together do not notice. */
  flushGapMs: 50,
  /**
   * What each connection adds to that wait, up to it: a flush costs a row, and each connection a send. Of
   * twenty who type ten characters a second, ten edits share both.
   */
  gapPerConnectionMs: 2.5,
  /**
   * The same of cursors. Each of N clients repeats to the server what it hears of the others, so that
   * their cost grows with the square of N; up to ten people theirs are told as fast as what they write.
   */
  cursorGapMs: 100,
  cursorGapPerConnectionMs: 5,
  /** The same where one is alone: nobody waits, and its client sends again what a crash loses. */
  aloneGapMs: 1_000,
  /**
   * How far apart sockets keep where cursors are: they outlast a sleep, which comes after ten seconds
   * without a timer, and twenty people move theirs 160 times a second.
   */
  keepGapMs: 1_000,
  /**
   * How long a refused client has to read why, before the close that older ones take for a lost
   * connection: without it they would come back at once, again and again.
   */
  refusedCloseMs: 1_000,
  /** What a frame counts at least: a million of one byte cost more than their bytes. */
  frameCostBytes: 128,
  /**
   * How much of what it says a connection may say at once, as so many of the largest frames: an offline
   * day is sent in one.
   */
  burstFrames: 2,
  /**
   * How often one connection may ask for all that it lacks, or for all cursors: refill a second, and size.
   * The one reads storage, and the other may be megabytes.
   */
  syncsPerSecond: 1,
  syncsBurst: 20,
  /**
   * For each so many bytes that it is sent, it has asked once more: twenty times 32 MiB would be more
   * than an object's memory, and whoever does not read may still answer.
   */
  syncTokenBytes: 2 * 1024 * 1024,
  /** What may wait for one flush: the object has 128 MB. Beyond it whoever adds to it is to come back. */
  pendingBytes: 16 * 1024 * 1024,
  /**
   * What a flush hands the platform in one turn, which copies it and writes nothing before the turn is
   * over (as of rooms: `portionSends`). Between portions what comes in is heard.
   */
  portionSends: 64,
  portionBytes: 8 * 1024 * 1024,
  /**
   * What may be sent to one connection, and to all of a document together, before they are heard again:
   * what is not read stays in the object's memory. Whoever owes more comes back and is sent what it lacks.
   */
  unreadBytes: 40 * 1024 * 1024,
  unreadTotalBytes: 48 * 1024 * 1024,
  /** From here on a connection is asked for a sign that it reads, and what it has not read counts. */
  unreadShareBytes: 256 * 1024,
  /**
   * How long such a sign is waited for, before the largest debtors are closed for the others' sake; and
   * that of one who was sent the whole document, which may take a slow line long.
   */
  signMs: 3_000,
  syncSignMs: 30_000,
  /** How often it is looked whether there is room again for what is still to be sent. */
  signLookMs: 50,
  /** A part of what is stored, in one row: the platform's holds 2 MB. */
  partBytes: 1_800_000,
  /** Rows, and bytes, of the tail at which it is folded into the snapshot: joining reads all of them. */
  tailRows: 500,
  tailBytes: 1024 * 1024,
  /** The same when the last one leaves: to fold few would write more rows than they are. */
  restRows: 20,
  /**
   * What a document that is full still takes of deletions, by which it may be made smaller; and how often
   * it is folded for that, which takes seconds.
   */
  fullDeletesBytes: 1024 * 1024,
  fullFoldMs: 60_000,
  /** Rows of updates set aside that are kept, the newest: more than three compactions find. */
  setAsideRows: 64,
  /** How old the time may be at which a connection was heard, as its hibernating socket keeps it. */
  heardKeptMs: 600_000,
  /**
   * In how large a document all are asked to show themselves again to one who comes back: each answers,
   * and is told to all.
   */
  called: 500,
  /**
   * What all answers of a document that are on their way may have left to send together, how long a
   * reader may take over one, and how much of it is handed on at once.
   */
  answersBytes: 32 * 1024 * 1024,
  answerMs: 60_000,
  answerPortionBytes: 256 * 1024,
  /**
   * How much of a document one person may have read or built by requests, in encoded bytes: refill a
   * second, and size. A document of 5 MiB takes about a second of the object's one thread.
   */
  readBytesPerSecond: 256 * 1024,
  readBytesBurst: 16 * 1024 * 1024,
  /** What such a request counts at least. */
  readCostBytes: 16 * 1024,
  /** Names of roots in a query: an editor has a handful. */
  rootsChars: 4_096,
  /**
   * Client ids that one person may bring into a document: refill a second, and size. A page that is opened
   * and writes brings one, an offline copy those of all who ever wrote in it; and a document has room for
   * a hundred thousand, for all of its people and for good.
   */
  newClientsPerSecond: 1,
  newClientsBurst: 5_000,
  /**
   * How long whoever still has a document that was deleted is sent away for good, and would not bring it
   * back: clients that know no codes come back at once, and then every two and a half seconds.
   */
  deletedMs: 300_000,
  /** A stock client speaks every 15 s: one that has not for three times as long may be gone. */
  silentMs: 45_000,
  /** The platform allows 32,768 hibernatable sockets an object. */
  connections: 32_000,
} as const;
