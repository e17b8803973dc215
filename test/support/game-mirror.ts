import type { GameState, PlayerRow } from "../../src/protocol/game-state.ts";

/** A reader's own copy of a game, made of what it is told by PROTOCOL alone. */
export class GameMirror {
  readonly rows = new Map<number, PlayerRow>();
  readonly names = new Map<number, string>();
  shared: readonly number[] = [];
  tick = -1;

  take({ tick, players, gone = [], full, shared = this.shared, who = [] }: GameState): void {
    if (full) this.rows.clear();
    for (const id of gone) this.rows.delete(id);
    for (const row of players) this.rows.set(row[0] ?? 0, row);
    for (const [id, userId] of who) this.names.set(id, userId);
    this.shared = shared;
    this.tick = tick;
  }

  /** Players in order of their ids, so that two copies can be compared. */
  get players(): readonly PlayerRow[] {
    return [...this.rows.values()].sort(([one = 0], [other = 0]) => one - other);
  }
}
