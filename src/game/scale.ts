import type { GameFields } from "../contract/game.ts";
import type { GameField, PlayerRow } from "../protocol/game-state.ts";

/** How players are told: their fields by name once, and then as whole numbers in that order. */
export class Scale {
  readonly fields: readonly GameField[];

  constructor(fields: GameFields) {
    this.fields = Object.entries(fields).map(([name, scale]) => ({ name, scale }));
  }

  /**
   * A player as it is told.
   *
   * @throws {TypeError} for a state in which a field is no number that can be told.
   */
  row(id: number, state: Readonly<Record<string, unknown>>): PlayerRow {
    const row = [id];
    for (const { name, scale } of this.fields) {
      const told = Math.round(Number(state[name]) * scale);
      if (typeof state[name] !== "number" || !Number.isSafeInteger(told)) {
        throw new TypeError(`The field ${name} of a player is ${String(state[name])}.`);
      }
      // Of -0 JSON makes 0, and MessagePack does not.
      row.push(told === 0 ? 0 : told);
    }
    return row;
  }
}

/** Whether a player is told the same. */
export function isSameRow(one: PlayerRow, other: PlayerRow): boolean {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return one.length === other.length;
}
