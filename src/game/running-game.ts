import type { AnyGameRules, Game, GameFields, Player } from "../contract/game.ts";
import { parse } from "../contract/parse.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { GAME_BOUNDS } from "../protocol/game-limits.ts";
import type { GameField, PlayerName, PlayerRow } from "../protocol/game-state.ts";
import type { Json } from "../protocol/json.ts";
import { type Attempt, type GameFailure, Guarded } from "./guarded.ts";
import { Keeping, type SavedGame } from "./keeping.ts";
import { GAME_FAILED, INPUT_FAILED, JOIN_FAILED, NO_PLAYER, SEATS_TAKEN } from "./refusals.ts";
import { Scale } from "./scale.ts";
import { type Seat, Seats } from "./seats.ts";
import { TickClock } from "./tick-clock.ts";
import { View } from "./view.ts";

const NO_WORLD: Attempt<unknown> = { ok: true, value: undefined };

/** Somebody who comes into a game. */
export interface Newcomer {
  readonly connectionId: string;
  readonly userId: string;
  readonly name: string;
  /** Whether it may play; others watch. */
  readonly mayPlay: boolean;
}

/** Whom a game's own code has failed, and what they are told. */
export interface Wronged {
  readonly connectionIds: readonly string[];
  readonly error: Refusal;
}

/**
 * A game that goes on: who plays, what they want, and what is told of that each tick. It knows no
 * sockets, no clock and no storage. Every `now` is milliseconds since the epoch.
 */
export class RunningGame {
  readonly tickHz: number;
  readonly #game: Game;
  readonly #rules: AnyGameRules;
  readonly #scale: Scale;
  readonly #dt: number;
  readonly #clock: TickClock;
  readonly #seats = new Seats();
  readonly #guarded = new Guarded();
  readonly #keeping: Keeping;
  /** All who are here, those who watch included. */
  readonly #here = new Set<string>();
  /** What those see who see everything. */
  readonly #common: View;
  /** What each player sees, of a game in which that differs. */
  readonly #views = new Map<Seat, View>();
  /** What the game keeps beside its players; it cannot go on when that could not be made. */
  readonly #world: Attempt<unknown>;
  #tick: number;
  #fullAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  #wronged: Wronged[] = [];

  constructor(game: Game, saved: SavedGame | undefined, now: number) {
    this.#game = game;
    this.#rules = game.rules;
    this.tickHz = game.tickHz;
    this.#dt = 1 / game.tickHz;
    this.#scale = new Scale(game.fields);
    this.#clock = new TickClock(game.tickHz);
    this.#keeping = new Keeping(saved);
    this.#common = new View(this.#nameOf);
    this.#tick = saved?.tick ?? 0;
    const { world } = this.#rules;
    this.#world =
      world === undefined
        ? NO_WORLD
        : this.#guarded.attempt("world", now, () => world(saved?.data));
  }

  /** What of a player is told, in this order. */
  get fields(): readonly GameField[] {
    return this.#scale.fields;
  }

  /** When {@link advance} is to be called next; `undefined` while nobody is here. */
  get dueAt(): number | undefined {
    return this.#clock.dueAt;
  }

  /** Ticks that a stall has cost. */
  get skippedTicks(): number {
    return this.#clock.skipped;
  }

  /** Until when a player waits for its person, at the latest. */
  get waitsUntil(): number {
    return this.#seats.waitsUntil;
  }

  /** The player of a connection; `undefined` of one that watches. */
  playerId(connectionId: string): number | undefined {
    return this.#seats.of(connectionId)?.player.id;
  }

  /** Somebody comes in; why it may not play, if that is so although it might. */
  enter({ connectionId, userId, name, mayPlay }: Newcomer, now: number): Refusal | undefined {
    this.#here.add(connectionId);
    this.#clock.start(now);
    if (!mayPlay) return undefined;
    this.#leaveGone(now);
    const seat = this.#seats.ofUser(userId) ?? this.#join(userId, name, now);
    if ("code" in seat) return seat;
    this.#seats.sit(seat, connectionId);
    return undefined;
  }

  /**
   * Somebody is gone, or only watches from here on.
   *
   * @param mayComeBack whether its player waits for it a while.
   */
  rise(connectionId: string, mayComeBack: boolean, now: number): void {
    this.#seats.rise(connectionId, mayComeBack ? now + GAME_BOUNDS.graceMs : now);
  }

  /** Somebody is gone; with the last one the game stands still. */
  leave(connectionId: string, mayComeBack: boolean, now: number): void {
    this.rise(connectionId, mayComeBack, now);
    this.#here.delete(connectionId);
    if (this.#here.size > 0) return;
    this.#clock.stop();
    this.#leaveGone(now);
  }

  /** A player wants something, from the next tick on; why that may not be. */
  hear(connectionId: string, payload: Json): Refusal | undefined {
    const seat = this.#seats.of(connectionId);
    if (seat === undefined) return NO_PLAYER;
    const parsed = parse(this.#game.input, payload, "payload");
    if (!parsed.ok) return refusal("invalid_frame", parsed.problem);
    seat.wants = { input: parsed.value };
    return undefined;
  }

  /** Makes the ticks that are due; whether there were any, and so something to tell. */
  advance(now: number): boolean {
    const ticks = this.#clock.take(now);
    if (ticks === 0) return false;
    this.#leaveGone(now);
    for (let made = 0; made < ticks; made += 1) this.#make(now);
    this.#look(now);
    return true;
  }

  /** What a connection sees. */
  viewOf(connectionId: string): View {
    const seat = this.#seats.of(connectionId);
    return (seat === undefined ? undefined : this.#views.get(seat)) ?? this.#common;
  }

  /** Whom the game has failed since this was last asked. */
  takeWronged(): readonly Wronged[] {
    return this.#wronged.splice(0);
  }

  /** What has failed since this was last asked. */
  takeFailures(): readonly GameFailure[] {
    return this.#guarded.takeFailures();
  }

  /**
   * What is to be stored now; `undefined` when nothing is.
   *
   * @param isLast whether nothing comes after it, so that it does not wait for its time.
   */
  save(now: number, isLast: boolean): SavedGame | undefined {
    const { save } = this.#rules;
    if (save === undefined || !(isLast || this.#keeping.isDue(now))) return undefined;
    // What is stored is not to be written over by a game that could not read it.
    if (!this.#world.ok) return undefined;
    this.#keeping.asked(now);
    const asked = this.#guarded.attempt("save", now, () => {
      const data: unknown = save({ players: this.#players(), ...this.#around() });
      return this.#keeping.isNew(data) ? { data } : undefined;
    });
    return asked.ok && asked.value !== undefined
      ? { tick: this.#tick, data: asked.value.data }
      : undefined;
  }

  #make(now: number): void {
    this.#tick += 1;
    const dt = this.#dt;
    for (const seat of this.#seats.all()) {
      const { player, wants } = seat;
      if (wants === undefined) continue;
      // What a schema puts out is of its output type, and the game's rules are of that.
      const steering = { player, input: wants.input, dt, ...this.#around() };
      const steered = this.#guarded.attempt("steer", now, () => this.#rules.steer(steering));
      if (steered.ok) continue;
      // Or it would fail each tick.
      seat.wants = undefined;
      this.#wrong([seat], INPUT_FAILED);
    }
    const { step } = this.#rules;
    if (step === undefined || !this.#world.ok) return;
    const players = this.#players();
    const stepped = this.#guarded.attempt("step", now, () =>
      step({ players, dt, ...this.#around() }),
    );
    this.#failing(!stepped.ok);
  }

  /** Everybody is told once that a game fails, and not each tick. */
  #failing(isFailing: boolean): void {
    if (isFailing && !this.#isFailing) {
      this.#wronged.push({ connectionIds: [...this.#here], error: GAME_FAILED });
    }
    this.#isFailing = isFailing;
  }

  /** Puts down how players stand now, as they are told it. */
  #look(now: number): void {
    const isFull = Math.abs(now - this.#fullAt) >= GAME_BOUNDS.fullMs;
    if (isFull) this.#fullAt = now;
    const rows = new Map<number, PlayerRow>();
    for (const seat of this.#seats.all()) {
      const { id, state } = seat.player;
      // A state that cannot be told is not: the player stands where it was told to be.
      const row = this.#guarded.attempt("step", now, () => this.#scale.row(id, state));
      if (row.ok) seat.row = row.value;
      rows.set(id, seat.row);
    }
    this.#common.next(this.#tick, rows, isFull);
    if (this.#rules.sees === undefined) return;
    for (const seat of this.#seats.all()) {
      const view = this.#views.get(seat) ?? new View(this.#nameOf);
      this.#views.set(seat, view);
      view.next(this.#tick, this.#seenBy(seat, rows, now), isFull);
    }
  }

  #seenBy({ player }: Seat, rows: ReadonlyMap<number, PlayerRow>, now: number) {
    const seen = new Map<number, PlayerRow>();
    for (const { player: other } of this.#seats.all()) {
      const row = rows.get(other.id);
      if (row !== undefined && this.#sees(player, other, now)) seen.set(other.id, row);
    }
    return seen;
  }

  #sees(player: Player<GameFields>, other: Player<GameFields>, now: number): boolean {
    if (player === other) return true;
    const { sees } = this.#rules;
    if (sees === undefined) return true;
    // Whoever it cannot be said of is not shown: what is hidden must not show by a fault.
    const asked = this.#guarded.attempt("sees", now, () =>
      sees({ player, other, ...this.#around() }),
    );
    return asked.ok && asked.value === true;
  }

  #join(userId: string, name: string, now: number): Seat | Refusal {
    if (this.#seats.size >= this.#game.players) return SEATS_TAKEN;
    if (!this.#world.ok) return JOIN_FAILED;
    const newcomer = { id: this.#seats.nextId(), userId, name };
    const joined = this.#guarded.attempt("join", now, () => {
      const state = { ...this.#rules.join({ ...newcomer, ...this.#around() }) };
      return { state, row: this.#scale.row(newcomer.id, state) };
    });
    if (!joined.ok) return JOIN_FAILED;
    const { state, row } = joined.value;
    return this.#seats.add(Object.freeze({ ...newcomer, state }), row);
  }

  #leaveGone(now: number): void {
    for (const seat of this.#seats.takeGone(now)) {
      this.#views.delete(seat);
      const { player } = seat;
      const { leave } = this.#rules;
      if (leave === undefined) continue;
      this.#guarded.attempt("leave", now, () => leave({ player, ...this.#around() }));
    }
  }

  #wrong(seats: readonly Seat[], error: Refusal): void {
    this.#wronged.push({ connectionIds: seats.flatMap((seat) => [...seat.connections]), error });
  }

  #players(): readonly Player<GameFields>[] {
    return [...this.#seats.all()].map(({ player }) => player);
  }

  #around() {
    return { world: this.#world.ok ? this.#world.value : undefined, tick: this.#tick };
  }

  readonly #nameOf = (id: number): PlayerName => {
    const player = this.#seats.get(id)?.player;
    return [id, player?.userId ?? "", player?.name ?? ""];
  };
}
