import type { AnyGameRules, Game, GameFields, Player } from "../contract/game.ts";
import { parse } from "../contract/parse.ts";
import type { Schema } from "../contract/schema.ts";
import type { PlayerRow } from "../protocol/game-state.ts";
import type { Json } from "../protocol/json.ts";
import { type Attempt, atOnce, type GameFailure, Guarded } from "./guarded.ts";
import type { SavedGame } from "./keeping.ts";
import { isSameRow, Scale } from "./scale.ts";

/** Its failure is told whatever was told before. */
const NEVER = Number.NEGATIVE_INFINITY;
const NO_WORLD: Attempt<unknown> = { ok: true, value: undefined };

/** The players of a game, as its rules are handed them. */
type Players = readonly Player<GameFields>[];

/**
 * A game's own code, and what it is handed: the one place where it is called. Whatever it throws or
 * answers harms that call alone. Every `now` is milliseconds since the epoch.
 */
export class Simulation {
  readonly scale: Scale;
  readonly sharedScale: Scale;
  /** How many ticks were made. */
  tick: number;
  readonly #input: Schema;
  readonly #rules: AnyGameRules;
  readonly #dt: number;
  readonly #guarded = new Guarded();
  readonly #world: Attempt<unknown>;
  /** What is no player's, as the rules change it. */
  readonly #shared: Record<string, number>;

  constructor({ rules, fields, shared, input, tickHz }: Game, saved: SavedGame | undefined) {
    this.scale = new Scale(fields);
    this.sharedScale = new Scale(shared);
    this.#shared = Object.fromEntries(Object.keys(shared).map((name) => [name, 0]));
    this.tick = saved?.tick ?? 0;
    this.#input = input;
    this.#rules = rules;
    this.#dt = 1 / tickHz;
    const { world } = rules;
    this.#world =
      world === undefined
        ? NO_WORLD
        : this.#guarded.attempt("world", NEVER, () => world(saved?.data, this.#shared));
  }

  /** Whether it could make its world; else nobody can play in it. */
  get isSound(): boolean {
    return this.#world.ok;
  }

  /** Whether players do not all see the same. */
  get hasSight(): boolean {
    return this.#rules.sees !== undefined;
  }

  /** What has failed since this was last asked. */
  takeFailures(): readonly GameFailure[] {
    return this.#guarded.takeFailures();
  }

  /** A new player, and how it is told. */
  join(newcomer: Omit<Player<GameFields>, "state">, now: number) {
    return this.#guarded.attempt("join", now, () => {
      const state = { ...atOnce(this.#rules.join({ ...newcomer, ...this.#around() })) };
      const player: Player<GameFields> = Object.freeze({ ...newcomer, state });
      return { player, row: this.scale.row(player.id, state) };
    });
  }

  /** What somebody wants, as the game's schema puts it out, or what is wrong with it. */
  read(payload: Json, now: number) {
    return this.#guarded.attempt("input", now, () => parse(this.#input, payload, "payload"));
  }

  /** A player does what it wants; whether it could. */
  steer(player: Player<GameFields>, input: unknown, now: number): boolean {
    // What a schema puts out is of its output type, and the rules are of that.
    const steering = { player, input, dt: this.#dt, ...this.#around() };
    return this.#guarded.attempt("steer", now, () => this.#rules.steer(steering)).ok;
  }

  /** What happens in a tick beside that; whether it could. */
  step(players: Players, now: number): boolean {
    const { step } = this.#rules;
    if (step === undefined || !this.isSound) return true;
    const stepping = { players, dt: this.#dt, ...this.#around() };
    return this.#guarded.attempt("step", now, () => step(stepping)).ok;
  }

  leave(player: Player<GameFields>, now: number): void {
    const { leave } = this.#rules;
    if (leave === undefined) return;
    this.#guarded.attempt("leave", now, () => leave({ player, ...this.#around() }));
  }

  /** Whether a player is shown another; when that cannot be said it is not: what is hidden stays so. */
  sees(player: Player<GameFields>, other: Player<GameFields>, now: number): boolean {
    const { sees } = this.#rules;
    if (player === other || sees === undefined) return true;
    const looking = { player, other, ...this.#around() };
    const asked = this.#guarded.attempt("sees", now, () => sees(looking));
    return asked.ok && asked.value === true;
  }

  /**
   * A player as it is told; the very row of before when that is the same. One whose state cannot be told
   * is where it was told to be.
   */
  row({ id, state }: Player<GameFields>, before: PlayerRow, now: number): PlayerRow {
    const row = this.#guarded.attempt("step", now, () => this.scale.row(id, state));
    return row.ok && !isSameRow(row.value, before) ? row.value : before;
  }

  /** What is no player's as it is told; when it cannot be, as it was told before. */
  shared(before: readonly number[], now: number): readonly number[] {
    const told = this.#guarded.attempt("step", now, () => this.sharedScale.numbers(this.#shared));
    return told.ok ? told.value : before;
  }

  /** What it wants kept, if that is new; nothing of a game that could not read what is. */
  save(players: Players, isNew: (data: unknown) => data is Json, now: number): Json | undefined {
    const { save } = this.#rules;
    if (save === undefined || !this.isSound) return undefined;
    const asked = this.#guarded.attempt("save", now, () => {
      const data: unknown = atOnce(save({ players, ...this.#around() }));
      return isNew(data) ? data : undefined;
    });
    return asked.ok ? asked.value : undefined;
  }

  #around() {
    const world = this.#world.ok ? this.#world.value : undefined;
    return { world, shared: this.#shared, tick: this.tick };
  }
}
