import type { Game } from "../contract/game.ts";
import type { In, Schema } from "../contract/schema.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Json } from "../protocol/json.ts";
import type { StatusChange } from "./room-event.ts";

/** Numbers by name, of something that a game's contract names them of. */
type Numbers<Named> = { readonly [Name in keyof Named]: number };

/** A player's fields, as numbers. */
export type FieldsOf<G extends Game> = Numbers<G["fields"]>;

/** What a game tells beside its players. */
export type SharedOf<G extends Game> = Numbers<G["shared"]>;

/** What a player may want: anything that is JSON, of a game that is not known here. */
export type InputOf<G extends Game> = Schema extends G["input"] ? Json : In<G["input"]>;

/** Somebody who plays. */
export interface GamePerson {
  /** The player's, as long as it is there. */
  readonly id: number;
  readonly userId: string;
  readonly name: string;
}

/** A player as it is to be drawn. The next drawing changes it: read it, and keep nothing of it. */
export interface GamePlayer<G extends Game = Game> extends GamePerson {
  readonly state: FieldsOf<G>;
}

/** How a game is entered; of several handles of one game, what the first has asked for counts. */
export interface GameOptions<G extends Game = Game> {
  /**
   * What the own player wants when nobody can steer it: sent by itself when the page loses the focus, is
   * hidden or left, after something else was wanted. A key that is held meanwhile is never let go of.
   */
  readonly idle?: InputOf<G>;
  /** Whether the own player is moved before the server says so; true when absent. See {@link GameRoom.predicts}. */
  readonly predicts?: boolean;
  /** Fields that have nothing between two values, such as a score: drawn as they were told. */
  readonly discrete?: readonly (keyof G["fields"] & string)[];
  /**
   * How far the own player may be from where it was drawn to be and still glide there, by field: beyond
   * that it jumps. When absent, twelve times the longest way that it was seen to go in a tick.
   */
  readonly snap?: { readonly [Name in keyof G["fields"]]?: number };
  /** Milliseconds that only go up, by which drawings are asked for; `performance.now` when absent. */
  readonly clock?: () => number;
}

/** What can be listened to in a game, with what its listeners are called with. */
export interface GameEvents<G extends Game = Game> {
  /** Somebody plays, or came into sight, who was not there when the game was entered. */
  readonly joined: readonly [person: GamePerson];
  /** Somebody plays no more, or is out of sight. */
  readonly gone: readonly [person: GamePerson];
  /** Who plays and is in sight. */
  readonly people: readonly [people: readonly GamePerson[]];
  /** What the game tells beside its players. */
  readonly shared: readonly [shared: SharedOf<G>];
  /** This user plays, by this player, or watches from here on. */
  readonly playing: readonly [playerId: number | undefined];
  /** The server told how things stand after this tick. */
  readonly tick: readonly [tick: number];
  readonly status: readonly [change: StatusChange];
  /** The server refused something, or a place to play. */
  readonly error: readonly [refusal: Refusal];
}
