import type { Refusal } from "./error.ts";

/** What a durable frame stored, or had stored before. */
export interface Saved {
  /** The event's `seq`. */
  readonly savedId: number;
  readonly duplicate?: true;
  /** Of a document: how many changes it has now, with those that were stored. */
  readonly version?: number;
}

/** What `ack` says; of what was done and stores nothing, that alone. */
export type Ack =
  | ({ readonly success: true } & (Saved | { readonly savedId?: undefined }))
  | { readonly success: false; readonly error: Refusal };
