import type { VersionStore } from "./version-store.ts";

/**
 * What a document keeps: a snapshot, and the tail of updates that were stored since. Every call is
 * synchronous, and those that write do so wholly or throw.
 */
export interface DocumentStore {
  /** The versions that are kept beside it. */
  readonly versions: VersionStore;
  /** The last seq that is stored: it rises with every update. */
  readonly head: number;
  /** Whether anything was ever stored. */
  readonly isWritten: boolean;
  /** Size of the snapshot, in bytes; 0 without one. */
  readonly snapshotBytes: number;
  /** Rows of the tail, and their size in bytes. */
  readonly tailRows: number;
  readonly tailBytes: number;
  /** What is known of what is in the snapshot, encoded; `undefined` without one. */
  readonly holdings: Uint8Array | undefined;
  /** The snapshot as an update; `undefined` without one. */
  snapshot(): Uint8Array | undefined;
  /** The updates of the tail, oldest first. */
  tail(): readonly Uint8Array[];
  /** Stores an update behind all others. */
  append(update: Uint8Array): void;
  /**
   * Puts a snapshot in the place of snapshot and tail.
   *
   * @param setAside updates that are not in it, for they break a document; kept where nothing reads them.
   */
  fold(snapshot: Uint8Array, holdings: Uint8Array, setAside: readonly Uint8Array[]): void;
}
