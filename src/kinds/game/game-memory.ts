import type { Game } from "../../contract/game.ts";
import type { SavedGame } from "../../game/keeping.ts";
import { RunningGame } from "../../game/running-game.ts";
import type { Greeted, KindGreeting, KindMemory, KindPorts } from "../../room/hooks/kind.ts";
import { ownJsonSchema } from "../json-schema.ts";
import { GameClock } from "./game-clock.ts";
import { SqlSavedGame } from "./sql-saved-game.ts";

/** A game that goes on in a room, and what of it is stored. */
export class GameMemory implements KindMemory {
  readonly clock: GameClock;
  readonly #game: Game;
  readonly #running: RunningGame;
  readonly #store: SqlSavedGame;
  #isSaved: boolean;
  #written: SavedGame | undefined;

  constructor(game: Game, { store, connections, failed }: KindPorts) {
    this.#game = game;
    this.#store = new SqlSavedGame(store.tables);
    const saved = this.#store.load();
    this.#isSaved = saved !== undefined;
    this.#running = new RunningGame(game, saved);
    this.clock = new GameClock(this.#running, connections, failed);
  }

  greet({ connectionId }: Greeted): KindGreeting {
    const { tickHz, input } = this.#game;
    const playerId = this.#running.playerId(connectionId);
    const { fields: told, shared } = this.#running;
    const fields = {
      ...(playerId === undefined ? {} : { playerId }),
      tickHz,
      fields: told,
      ...(shared.length === 0 ? {} : { shared }),
      input: ownJsonSchema(input, "input"),
    };
    return { fields, history: [] };
  }

  save(): void {
    const saved = this.clock.takeUnsaved();
    if (saved === undefined) return;
    // Before it is tried, for it may be what fails.
    this.#written = saved;
    this.#store.save(saved);
  }

  settled(): void {
    if (this.#written === undefined) return;
    this.#written = undefined;
    this.#isSaved = true;
  }

  rolledBack(): void {
    if (this.#written !== undefined) this.clock.notSaved(this.#written);
    this.#written = undefined;
  }

  livesUntil(): number {
    return this.#isSaved ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  upkeep(now: number): void {
    this.clock.leaveGone(now);
  }

  /** Players wait for whom they are of; while the clock stands, nothing else looks for the end of that. */
  wakeAt(): number | undefined {
    const { dueAt, waitsUntil } = this.#running;
    return dueAt === undefined && Number.isFinite(waitsUntil) ? waitsUntil : undefined;
  }
}
