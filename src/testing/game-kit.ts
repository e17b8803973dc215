import type { GameFields } from "../contract/game.ts";
import type { In, Schema } from "../contract/schema.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Json } from "../protocol/json.ts";
import type { Guise } from "./room-kit.ts";

/** Numbers that a game tells, by name, as they were told: rounded to what their scale leaves of them. */
export type Told<F extends GameFields> = { readonly [Name in keyof F]: number };

/** A player as somebody is told of it. */
export interface ToldPlayer<F extends GameFields> {
  readonly id: number;
  readonly userId: string;
  readonly name: string;
  readonly state: Told<F>;
}

/** Somebody in a game under test, and the game as that is told it. */
export interface GamePlayer<F extends GameFields, I extends Schema, S extends GameFields> {
  readonly userId: string;
  /** Whether the connection is there; after a crash everybody has to join again. */
  readonly isHere: boolean;
  /** Of its own player; `undefined` of somebody who watches. */
  readonly playerId: number | undefined;
  /** Its own player; `undefined` of somebody who watches, and once it is gone from the game. */
  readonly me: ToldPlayer<F> | undefined;
  /** All that it is told of, in the order of their ids. */
  readonly players: readonly ToldPlayer<F>[];
  readonly shared: Told<S>;
  /** What it was told last. */
  readonly tick: number;
  /** What it was told to have gone wrong beside what it wanted. */
  readonly errors: readonly Refusal[];
  /**
   * Wants something until it wants something else. Passes time up to the tick that first counts it, which
   * is the answer; what several want at once counts from the same tick on. Rejects with an error that has
   * the refusal's `code`.
   */
  want(input: In<I>): Promise<number>;
  /** Leaves: its player is gone at the next tick. */
  leave(): Promise<void>;
  /** Its connection breaks: its player waits for it for 10 s. */
  drop(): Promise<void>;
}

/** A game under plain Node, on a clock that stands still but for the ticks that are asked for. */
export interface GameKit<F extends GameFields, I extends Schema, S extends GameFields> {
  /** The room's name. */
  readonly name: string;
  /** Somebody comes in, and is told how things stand after the next tick. Reading alone watches. */
  join(userId: string, guise?: Guise): Promise<GamePlayer<F, I, S>>;
  /** So many ticks are made. Rejects when nobody is here: then the game stands still. */
  ticks(count: number): Promise<void>;
  /** So many milliseconds pass, with all that is due in them: after 10 s nobody is waited for any more. */
  advance(ms: number): Promise<void>;
  /** The process dies: memory and connections are gone, and what the game has not saved. */
  crash(): Promise<void>;
  /** The game falls asleep, which it may only when nobody is here. The next who joins wakes it. */
  hibernate(): Promise<void>;
  /** What it keeps, as its `save` answered it; `undefined` before it was stored for the first time. */
  readonly saved: Json | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Rows written so far, as the platform bills them, but for those of indexes. */
  readonly writes: number;
  /** What the game's own functions threw, or answered that they must not, in the order in which they did. */
  readonly failures: readonly unknown[];
}
