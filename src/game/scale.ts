import type { GameFields } from "../contract/game.ts";
import type { GameField, PlayerRow } from "../protocol/game-state.ts";

/** How numbers are told: by name once, and then as whole numbers in that order. */
export class Scale {
  readonly fields: readonly GameField[];

  constructor(fields: GameFields) {
    this.fields = Object.entries(fields).map(([name, scale]) => ({ name, scale }));
  }

  /**
   * A player as it is told.
   *
   * @throws {TypeError} as {@link numbers} does.
   */
  row(id: number, state: Readonly<Record<string, unknown>>): PlayerRow {
    return this.#append([id], state);
  }

  /**
   * The numbers alone, of what has no id.
   *
   * @throws {TypeError} for a state in which one of them is no number that can be told.
   */
  numbers(state: Readonly<Record<string, unknown>>): readonly number[] {
    return this.#append([], state);
  }

  #append(row: number[], state: Readonly<Record<string, unknown>>): readonly number[] {
    for (const { name, scale } of this.fields) {
      const told = Math.round(Number(state[name]) * scale);
      if (typeof state[name] !== "number" || !Number.isSafeInteger(told)) {
        throw new TypeError(`${name} of what is to be told is ${String(state[name])}.`);
      }
      // Of -0 JSON makes 0, and MessagePack does not.
      row.push(told === 0 ? 0 : told);
    }
    return row;
  }
}

/** Whether the same is told. */
export function isSameRow(one: readonly number[], other: readonly number[]): boolean {
  if (one === other) return true;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return one.length === other.length;
}
