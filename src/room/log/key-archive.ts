import type { Stretch } from "./log.ts";

/** The hashed keys of a stretch of the log, in ascending order. */
export interface ArchivedKeys extends Stretch {
  /** Everything in it was accepted by then, milliseconds since the epoch. */
  readonly until: number;
  readonly hashes: Int32Array;
}

/**
 * Hashed keys on disk, a row for thousands of events: a room that wakes reads these in place of the
 * events. Where a piece is missing the log itself is read.
 */
export interface KeyArchive {
  save(keys: ArchivedKeys): void;
  /** The newest piece that ends at a `seq` or before it. */
  newest(upTo: number): ArchivedKeys | undefined;
  /** Forgets what is of events that the log no longer has. */
  trim(oldest: number): void;
}
