import type { Timer } from "./standing-store.ts";
import type { Sized } from "./state.ts";

/** Where a room stands by its contract. */
export interface Stand {
  readonly state: Sized;
  readonly timers: ReadonlyMap<string, Timer>;
  /** `seq` of the event up to which the state is in storage. */
  readonly savedSeq: number;
  /** When it was put there, milliseconds since the epoch. */
  readonly savedAt: number;
  /** Of the contract that the newest event was stored by. */
  readonly version: number;
}
