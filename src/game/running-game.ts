import type { Game, GameFields, Player } from "../contract/game.ts";
import type { Counted } from "../protocol/ack.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { GAME_BOUNDS } from "../protocol/game-limits.ts";
import type { GameField, PlayerName, PlayerRow } from "../protocol/game-state.ts";
import type { Json } from "../protocol/json.ts";
import type { GameFailure } from "./guarded.ts";
import { Keeping, type SavedGame } from "./keeping.ts";
import { GAME_FAILED, INPUT_FAILED, JOIN_FAILED, NO_PLAYER, SEATS_TAKEN } from "./refusals.ts";
import { type Seat, Seats } from "./seats.ts";
import { Simulation } from "./simulation.ts";
import { TickClock } from "./tick-clock.ts";
import { View } from "./view.ts";

/** Somebody who comes into a game. */
export interface Newcomer {
  readonly connectionId: string;
  readonly userId: string;
  readonly name: string;
  /** Whether it may play; others watch. */
  readonly mayPlay: boolean;
  /** Whether it is by the team's own backend, and not of the user whom it names. */
  readonly isBackend?: boolean;
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
  readonly #game: Game;
  readonly #simulation: Simulation;
  readonly #clock: TickClock;
  readonly #seats = new Seats();
  readonly #keeping: Keeping;
  /** Whether anybody has ever played: whoever only looks at a name must not have anything stored. */
  #isPlayed: boolean;
  /** The users of all who are here, those who watch included; `undefined` of the backend. */
  readonly #here = new Map<string, string | undefined>();
  /** What those see who see everything. */
  readonly #common: View;
  /** What each player sees, of a game in which that differs. */
  readonly #views = new Map<Seat, View>();
  /** What is no player's, as it was told last. */
  #shared: readonly number[];
  /** The first of the ticks that were made together last. */
  #firstTick = 0;
  #fullAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #wronged: Wronged[] = [];

  constructor(game: Game, saved: SavedGame | undefined) {
    this.#game = game;
    this.#simulation = new Simulation(game, saved);
    this.#clock = new TickClock(game.tickHz);
    this.#keeping = new Keeping(saved);
    this.#isPlayed = saved !== undefined;
    this.#common = new View(this.#nameOf);
    this.#shared = this.shared.map(() => 0);
  }

  /** What of a player is told, in this order. */
  get fields(): readonly GameField[] {
    return this.#simulation.scale.fields;
  }

  /** What is told that is no player's, in this order. */
  get shared(): readonly GameField[] {
    return this.#simulation.sharedScale.fields;
  }

  /** When {@link advance} is to be called next; `undefined` while nobody is here. */
  get dueAt(): number | undefined {
    return this.#clock.dueAt;
  }

  /** How many ticks were made. */
  get tick(): number {
    return this.#simulation.tick;
  }

  /** How many play, those who are waited for included. */
  get players(): number {
    return this.#seats.size;
  }

  /** Ticks that stalls have cost. */
  get skippedTicks(): number {
    return this.#clock.skipped;
  }

  /** Until when a player waits for its person, at the latest; `-Infinity` when none does. */
  get waitsUntil(): number {
    return this.#seats.waitsUntil;
  }

  /** The player of a connection; `undefined` of one that watches. */
  playerId(connectionId: string): number | undefined {
    return this.#seats.of(connectionId)?.player.id;
  }

  /** Somebody comes in; why it may not play, if that is so although it might. */
  enter(newcomer: Newcomer, now: number): Refusal | undefined {
    const { connectionId, userId, name, mayPlay, isBackend = false } = newcomer;
    this.#here.set(connectionId, isBackend ? undefined : userId);
    this.#clock.start(now);
    if (!mayPlay) return undefined;
    this.leaveGone(now);
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
    this.leaveGone(now);
  }

  /** Lets those players go for whom nobody came back in time; whether there were any. */
  leaveGone(now: number): boolean {
    const gone = this.#seats.takeGone(now);
    for (const seat of gone) {
      this.#views.delete(seat);
      this.#simulation.leave(seat.player, now);
    }
    return gone.length > 0;
  }

  /** A player wants something, from the next tick on; why that may not be. */
  hear(connectionId: string, payload: Json, now: number): Refusal | undefined {
    const seat = this.#seats.of(connectionId);
    if (seat === undefined) return NO_PLAYER;
    const read = this.#simulation.read(payload, now);
    if (!read.ok) {
      seat.wants = undefined;
      return INPUT_FAILED;
    }
    if (!read.value.ok) return refusal("invalid_frame", read.value.problem);
    seat.wants = { input: read.value.value };
    return undefined;
  }

  /** Makes the ticks that are due; whether there were any, and so something to tell. */
  advance(now: number): boolean {
    const ticks = this.#clock.take(now);
    if (ticks === 0) return false;
    this.leaveGone(now);
    this.#firstTick = this.#simulation.tick + 1;
    for (let made = 0; made < ticks; made += 1) this.#make(now);
    this.#look(now);
    return true;
  }

  /** When what a connection wanted before the last {@link advance} first counted, or why it does not. */
  outcomeOf(connectionId: string): Counted | Refusal {
    const seat = this.#seats.of(connectionId);
    if (seat === undefined) return NO_PLAYER;
    return seat.wants === undefined ? INPUT_FAILED : { tick: this.#firstTick };
  }

  /** What a connection sees: nobody sees more than their player does by having another one that watches. */
  viewOf(connectionId: string): View {
    const userId = this.#here.get(connectionId);
    const seat = userId === undefined ? undefined : this.#seats.ofUser(userId);
    return (seat === undefined ? undefined : this.#views.get(seat)) ?? this.#common;
  }

  /** Whom the game has failed since this was last asked. */
  takeWronged(): readonly Wronged[] {
    return this.#wronged.splice(0);
  }

  /** What has failed since this was last asked. */
  takeFailures(): readonly GameFailure[] {
    return this.#simulation.takeFailures();
  }

  /**
   * What is to be stored now; `undefined` when nothing is.
   *
   * @param isLast whether nothing comes after it, so that it does not wait for its time.
   */
  save(now: number, isLast: boolean): SavedGame | undefined {
    if (!(this.#isPlayed && (isLast || this.#keeping.isDue(now)))) return undefined;
    this.#keeping.asked(now);
    const isNew = (data: unknown): data is Json => this.#keeping.isNew(data);
    const data = this.#simulation.save(this.#players(), isNew, now);
    return data === undefined ? undefined : { tick: this.#simulation.tick, data };
  }

  /** What was to be stored could not be. */
  notSaved(): void {
    this.#keeping.forget();
  }

  #make(now: number): void {
    this.#simulation.tick += 1;
    for (const seat of this.#seats.all()) {
      const { player, wants } = seat;
      if (wants === undefined || this.#simulation.steer(player, wants.input, now)) continue;
      // Or it would fail each tick.
      seat.wants = undefined;
      this.#wronged.push({ connectionIds: [...seat.connections], error: INPUT_FAILED });
    }
    if (!this.#simulation.step(this.#players(), now)) this.#failed(now);
  }

  /** Everybody is told that a game fails, and not again until it has not failed for a while. */
  #failed(now: number): void {
    if (Math.abs(now - this.#failedAt) >= GAME_BOUNDS.failureGapMs) {
      this.#wronged.push({ connectionIds: [...this.#here.keys()], error: GAME_FAILED });
    }
    this.#failedAt = now;
  }

  /** Puts down how players stand now, as they are told it. */
  #look(now: number): void {
    const isFull = Math.abs(now - this.#fullAt) >= GAME_BOUNDS.fullMs;
    if (isFull) this.#fullAt = now;
    const rows = new Map<number, PlayerRow>();
    for (const seat of this.#seats.all()) {
      seat.row = this.#simulation.row(seat.player, seat.row, now);
      rows.set(seat.player.id, seat.row);
    }
    this.#shared = this.#simulation.shared(this.#shared, now);
    const { tick, hasSight } = this.#simulation;
    const told = { tick, rows, shared: this.#shared };
    this.#common.next(told, isFull);
    if (!hasSight) return;
    for (const seat of this.#seats.all()) {
      const view = this.#views.get(seat) ?? new View(this.#nameOf);
      this.#views.set(seat, view);
      view.next({ ...told, rows: this.#seenBy(seat, now) }, isFull);
    }
  }

  #seenBy({ player }: Seat, now: number): ReadonlyMap<number, PlayerRow> {
    const seen = new Map<number, PlayerRow>();
    for (const { player: other, row } of this.#seats.all()) {
      if (this.#simulation.sees(player, other, now)) seen.set(other.id, row);
    }
    return seen;
  }

  #join(userId: string, name: string, now: number): Seat | Refusal {
    if (this.#seats.size >= this.#game.players) return SEATS_TAKEN;
    if (!this.#simulation.isSound) return JOIN_FAILED;
    const joined = this.#simulation.join({ id: this.#seats.nextId(), userId, name }, now);
    if (!joined.ok) return JOIN_FAILED;
    this.#isPlayed = true;
    return this.#seats.add(joined.value.player, joined.value.row);
  }

  #players(): readonly Player<GameFields>[] {
    return [...this.#seats.all()].map(({ player }) => player);
  }

  readonly #nameOf = (id: number): PlayerName => {
    const player = this.#seats.get(id)?.player;
    return [id, player?.userId ?? "", player?.name ?? ""];
  };
}
