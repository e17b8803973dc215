import { GAME_BOUNDS } from "../protocol/game-limits.ts";
import type { Json } from "../protocol/json.ts";
import { checkGame } from "./game-check.ts";
import type { Out, Schema } from "./schema.ts";

/** What is told of a player, by its name: its scale. A field of scale 100 is told in hundredths. */
export interface GameFields {
  readonly [name: string]: number;
}

/** Somebody who plays: one a person, over however many connections. */
export interface Player<F extends GameFields> {
  /** A short number, the player's for as long as it is there. */
  readonly id: number;
  readonly userId: string;
  readonly name: string;
  /** Its fields, for the game to change. */
  readonly state: { -readonly [Name in keyof F]: number };
}

/** Numbers of a game that are nobody's, for it to change; all are told them. */
export type Shared<S extends GameFields> = { -readonly [Name in keyof S]: number };

/** What a game's functions are handed beside what each is about. */
export interface Here<World, S extends GameFields = GameFields> {
  /** What the game keeps beside its players, for it to change. */
  readonly world: World;
  /** What all are told that is no player's, for it to change. */
  readonly shared: Shared<S>;
  /** How many ticks were made; it goes on from what was saved. */
  readonly tick: number;
}

/**
 * A game: what is told of players, what they may want, and how things go on from tick to tick. Time
 * is what `dt` says, in seconds, and always the same: then a client can make out the same.
 */
export interface GameRules<
  F extends GameFields,
  I extends Schema,
  World,
  S extends GameFields = GameFields,
> {
  readonly fields: F;
  /**
   * What is told that is no player's, by its name its scale: where a coin lies, how long a round lasts
   * yet. Each begins at 0. All are told it, whatever `sees` says.
   */
  readonly shared?: S;
  /** What a client sends as `player_input`. */
  readonly input: I;
  /** Ticks a second, 1 to 60; 20 when absent. */
  readonly tickHz?: number;
  /** How many may play; 200 when absent, which is the most. Others watch. */
  readonly players?: number;
  /**
   * What the game keeps beside its players, of what `save` had kept; nothing when absent. It may also
   * say where `shared` begins, which is not kept by itself.
   */
  readonly world?: (saved: Json | undefined, shared: Shared<NoInfer<S>>) => World;
  /** Where a new player begins. */
  readonly join: (newcomer: Omit<Player<F>, "state"> & Here<World, NoInfer<S>>) => {
    readonly [Name in keyof F]: number;
  };
  /** What a player does in a tick by what it wants: the newest input, until the next one comes. */
  readonly steer: (
    steering: { readonly player: Player<F>; readonly input: Out<I>; readonly dt: number } & Here<
      NoInfer<World>,
      NoInfer<S>
    >,
  ) => void;
  /** What happens in a tick beside that, after it. */
  readonly step?: (
    step: { readonly players: readonly Player<F>[]; readonly dt: number } & Here<
      NoInfer<World>,
      NoInfer<S>
    >,
  ) => void;
  /** A player is gone. */
  readonly leave?: (
    leaving: { readonly player: Player<F> } & Here<NoInfer<World>, NoInfer<S>>,
  ) => void;
  /**
   * Whether a player is told of another; of all when absent. Those who watch are told of all, unless their
   * user plays by another connection.
   */
  readonly sees?: (
    looking: { readonly player: Player<F>; readonly other: Player<F> } & Here<
      NoInfer<World>,
      NoInfer<S>
    >,
  ) => boolean;
  /** What is kept, at most once a second and when the last one leaves: JSON of 64 KiB at most. */
  readonly save?: (
    saving: { readonly players: readonly Player<F>[] } & Here<NoInfer<World>, NoInfer<S>>,
  ) => Json;
}

declare const made: unique symbol;

/** What {@link game} makes. */
export interface Game<
  F extends GameFields = GameFields,
  I extends Schema = Schema,
  S extends GameFields = GameFields,
> {
  readonly [made]: true;
  readonly fields: F;
  /** Empty of a game that shares nothing. */
  readonly shared: S;
  readonly input: I;
  readonly tickHz: number;
  readonly players: number;
  /** As they run: their types were checked when they were written. */
  readonly rules: AnyGameRules;
}

/** {@link GameRules} whose types are not known any more. */
export type AnyGameRules = Pick<
  GameRules<GameFields, Schema, unknown>,
  "world" | "join" | "steer" | "step" | "leave" | "sees" | "save"
>;

/** Whether something is what {@link game} made. */
export function isGame(value: unknown): value is Game {
  return games.has(Object(value));
}

const games = new WeakSet<object>();

/**
 * Makes a game of its rules. Pure: it runs on plain Node and in browsers as well, so that a client may
 * move its own player by the very `steer` of the server before it hears of that.
 *
 * @throws {TypeError} that says what is wrong with it and what to do.
 */
export function game<
  const F extends GameFields,
  I extends Schema,
  World = undefined,
  const S extends GameFields = Record<never, never>,
>(rules: GameRules<F, I, World, S>): Game<F, I, S> {
  checkGame(rules);
  const {
    fields,
    shared,
    input,
    tickHz = GAME_BOUNDS.tickHzDefault,
    players = GAME_BOUNDS.players,
  } = rules;
  const whole = {
    fields: Object.freeze({ ...fields }),
    shared: Object.freeze({ ...shared }),
    input,
    tickHz,
    players,
    // Whoever runs them no longer knows the types by which they were written.
    rules: Object.freeze({ ...rules }) as unknown as AnyGameRules,
  };
  games.add(Object.freeze(whole));
  return whole as Game<F, I, S>;
}
