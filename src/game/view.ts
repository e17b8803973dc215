import type { GameState, PlayerName, PlayerRow } from "../protocol/game-state.ts";
import { isSameRow } from "./scale.ts";

/** Players as they are told, by id. */
export type Rows = ReadonlyMap<number, PlayerRow>;

const NONE: Rows = new Map();

/**
 * What those are told who see the same, and how that differs from what they were told before. All of
 * them share it: whoever is in step is told {@link told} after each tick, and whoever is not is told
 * {@link whole}, and is in step from there on.
 */
export class View {
  readonly #nameOf: (id: number) => PlayerName;
  #rows = NONE;
  #told: GameState = { tick: 0, players: [], full: true };
  #whole: GameState | undefined;

  /** @param nameOf whose a player is. */
  constructor(nameOf: (id: number) => PlayerName) {
    this.#nameOf = nameOf;
  }

  /** What the last tick changed, or all of it when that was its turn. */
  get told(): GameState {
    return this.#told;
  }

  /** How things stand after it, for whoever knows nothing of them. */
  get whole(): GameState {
    this.#whole ??= {
      tick: this.#told.tick,
      players: [...this.#rows.values()],
      full: true,
      who: [...this.#rows.keys()].map(this.#nameOf),
    };
    return this.#whole;
  }

  /** Goes on to how things stand now. */
  next(tick: number, rows: Rows, isFull: boolean): void {
    const before = this.#rows;
    const fresh = [...rows.keys()].filter((id) => !before.has(id));
    const who = fresh.length === 0 ? {} : { who: fresh.map(this.#nameOf) };
    const told = isFull
      ? { players: [...rows.values()], full: true as const }
      : differences(before, rows);
    this.#told = { tick, ...told, ...who };
    this.#rows = rows;
    this.#whole = undefined;
  }
}

function differences(before: Rows, rows: Rows): Pick<GameState, "players" | "gone"> {
  const players = [...rows].flatMap(([id, row]) => {
    const told = before.get(id);
    return told !== undefined && isSameRow(told, row) ? [] : [row];
  });
  const gone = [...before.keys()].filter((id) => !rows.has(id));
  return gone.length === 0 ? { players } : { players, gone };
}
