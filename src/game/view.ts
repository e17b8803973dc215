import type { GameState, PlayerName, PlayerRow } from "../protocol/game-state.ts";
import { isSameRow } from "./scale.ts";

/** Players as they are told, by id. */
export type Rows = ReadonlyMap<number, PlayerRow>;

/** How things stand after a tick, for those who see the same. */
export interface Seen {
  readonly tick: number;
  readonly rows: Rows;
  /** What is no player's; empty of a game that shares nothing. */
  readonly shared: readonly number[];
}

const NOTHING: Seen = { tick: 0, rows: new Map(), shared: [] };

/**
 * What those are told who see the same, and how that differs from what they were told before. All of
 * them share it: whoever is in step is told {@link told} after each tick, and whoever is not is told
 * {@link whole}, and is in step from there on.
 */
export class View {
  readonly #nameOf: (id: number) => PlayerName;
  #seen = NOTHING;
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
    this.#whole ??= { ...all(this.#seen), who: [...this.#seen.rows.keys()].map(this.#nameOf) };
    return this.#whole;
  }

  /** Goes on to how things stand now. */
  next(seen: Seen, isFull: boolean): void {
    const fresh = missing(seen.rows, this.#seen.rows);
    const told = isFull ? all(seen) : differences(this.#seen, seen);
    this.#told = fresh.length === 0 ? told : { ...told, who: fresh.map(this.#nameOf) };
    this.#seen = seen;
    this.#whole = undefined;
  }
}

function all({ tick, rows, shared }: Seen): GameState {
  const whole = { tick, players: [...rows.values()], full: true } as const;
  return shared.length === 0 ? whole : { ...whole, shared };
}

/** By loops: it runs with each tick, and what it leaves behind is to be collected. */
function differences(before: Seen, { tick, rows, shared }: Seen): GameState {
  const players: PlayerRow[] = [];
  for (const [id, row] of rows) {
    const told = before.rows.get(id);
    if (told === undefined || !isSameRow(told, row)) players.push(row);
  }
  const gone = missing(before.rows, rows);
  return {
    tick,
    players,
    ...(gone.length === 0 ? {} : { gone }),
    ...(isSameRow(before.shared, shared) ? {} : { shared }),
  };
}

/** Those who are in one and not in the other. */
function missing(one: Rows, other: Rows): readonly number[] {
  const ids: number[] = [];
  for (const id of one.keys()) if (!other.has(id)) ids.push(id);
  return ids;
}
