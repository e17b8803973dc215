import type { Close } from "../protocol/close.ts";
import type { ErrorCode } from "../protocol/error.ts";

/** Hears what happens in a document, to count it. Nothing waits for it. */
export interface DocumentTally {
  /** Somebody came in; so many are here with them. */
  came(connections: number): void;
  /** A connection has ended, whoever ended it. */
  ended(close: Close): void;
  /** A frame came, or frames were sent, of so many bytes. */
  heard(bytes: number): void;
  sent(bytes: number): void;
  /** A change was taken that had something new in it. */
  edited(): void;
  /** A frame was refused, or dropped because its sender may only read. */
  refused(code: ErrorCode): void;
  /** An update of so many bytes was stored. */
  stored(bytes: number): void;
  /** The tail was folded into the snapshot; so many updates were set aside for it. */
  folded(setAside: number): void;
}

/** Counts nothing. */
export const NO_TALLY: DocumentTally = {
  came() {},
  ended() {},
  heard() {},
  sent() {},
  edited() {},
  refused() {},
  stored() {},
  folded() {},
};
