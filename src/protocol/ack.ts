import type { Refusal } from "./error.ts";

/** What a durable frame stored, or had stored before. */
export interface Saved {
  /** The event's `seq`. */
  readonly savedId: number;
  readonly duplicate?: true;
  /** Of a document: how many changes it has now, with those that were stored. */
  readonly version?: number;
}

/** When what its sender wants of a game first counted. */
export interface Counted {
  /** The first tick that was made of it, or of what the same player wanted later before that tick. */
  readonly tick: number;
}

/** What `ack` says; of what was done, stores nothing and waits for no tick, that alone. */
export type Ack =
  | ({ readonly success: true } & (Saved | (Partial<Counted> & { readonly savedId?: undefined })))
  | { readonly success: false; readonly error: Refusal };
