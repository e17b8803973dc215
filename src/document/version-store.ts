/** How a version came: by itself, because somebody asked for it, or as what a restore took the place of. */
export type VersionCause = "automatic" | "asked" | "restore";

/** A document as it was once. */
export interface Version {
  /** Rises from one to the next. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who asked for it: a user's id, or `system`. */
  readonly by: string;
  readonly label: string | undefined;
  /** Whether it came by itself. */
  readonly isAutomatic: boolean;
  /** The last seq of the document that is in it. */
  readonly seq: number;
  readonly bytes: number;
}

/** A version that is new. */
export interface NewVersion extends Version {
  readonly cause: VersionCause;
}

/**
 * Where a document keeps its versions, and whoever is told of new ones hears of them from. Every call is
 * synchronous, and those that write do so wholly or throw.
 */
export interface VersionStore {
  /** Those before an id, or all, the newest first. */
  list(before: number, limit: number): readonly Version[];
  find(id: number): Version | undefined;
  /** A version as one update; `undefined` when there is none of this id. */
  read(id: number): Uint8Array | undefined;
  /** Keeps one, with what is to be told of it, and lets others go. */
  add(version: NewVersion, update: Uint8Array, gone: readonly number[]): void;
  label(id: number, label: string | undefined): void;
}
