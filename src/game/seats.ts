import type { GameFields, Player } from "../contract/game.ts";
import { GAME_BOUNDS } from "../protocol/game-limits.ts";
import type { PlayerRow } from "../protocol/game-state.ts";

/** Where a player sits: who moves it, and what it was told to be last. */
export interface Seat {
  readonly player: Player<GameFields>;
  /** By which connections its person is here. */
  readonly connections: Set<string>;
  /** As it is told. */
  row: PlayerRow;
  /** What it wants; `undefined` while it stands still. */
  wants: { readonly input: unknown } | undefined;
  /** Until when it waits for its person, milliseconds since the epoch; `undefined` while that is here. */
  waitsUntil: number | undefined;
}

/** Who plays: one player a person, over however many connections. */
export class Seats {
  readonly #byUser = new Map<string, Seat>();
  readonly #byConnection = new Map<string, Seat>();
  readonly #byId = new Map<number, Seat>();
  #lastId = 0;

  get size(): number {
    return this.#byUser.size;
  }

  /** In the order in which they came. */
  all(): Iterable<Seat> {
    return this.#byUser.values();
  }

  of(connectionId: string): Seat | undefined {
    return this.#byConnection.get(connectionId);
  }

  ofUser(userId: string): Seat | undefined {
    return this.#byUser.get(userId);
  }

  get(id: number): Seat | undefined {
    return this.#byId.get(id);
  }

  /** An id that is nobody's, and was not for as long as possible. */
  nextId(): number {
    do this.#lastId = (this.#lastId % GAME_BOUNDS.playerIds) + 1;
    while (this.#byId.has(this.#lastId));
    return this.#lastId;
  }

  /** A new player takes its seat. */
  add(player: Player<GameFields>, row: PlayerRow): Seat {
    const seat = {
      player,
      row,
      connections: new Set<string>(),
      wants: undefined,
      waitsUntil: undefined,
    };
    this.#byUser.set(player.userId, seat);
    this.#byId.set(player.id, seat);
    return seat;
  }

  /** A person is here by one more connection. */
  sit(seat: Seat, connectionId: string): void {
    seat.connections.add(connectionId);
    seat.waitsUntil = undefined;
    this.#byConnection.set(connectionId, seat);
  }

  /**
   * A person is here by one connection less; with the last one its player stands still.
   *
   * @param waitsUntil until when it waits for its person then, milliseconds since the epoch.
   */
  rise(connectionId: string, waitsUntil: number): void {
    const seat = this.#byConnection.get(connectionId);
    if (seat === undefined) return;
    this.#byConnection.delete(connectionId);
    seat.connections.delete(connectionId);
    if (seat.connections.size > 0) return;
    seat.wants = undefined;
    seat.waitsUntil = waitsUntil;
  }

  /** Those for whom nobody came back in time: their seats are free from here on. */
  takeGone(now: number): readonly Seat[] {
    for (const seat of this.all()) {
      if (seat.waitsUntil === undefined) continue;
      // A clock that was set back must not have it wait for longer.
      seat.waitsUntil = Math.min(seat.waitsUntil, now + GAME_BOUNDS.graceMs);
    }
    const gone = [...this.all()].filter(({ waitsUntil = Infinity }) => waitsUntil <= now);
    for (const { player } of gone) {
      this.#byUser.delete(player.userId);
      this.#byId.delete(player.id);
    }
    return gone;
  }

  /** Until when somebody is waited for, at the latest; `-Infinity` when nobody is. */
  get waitsUntil(): number {
    let until = Number.NEGATIVE_INFINITY;
    for (const { waitsUntil = until } of this.all()) until = Math.max(until, waitsUntil);
    return until;
  }
}
