import { type Direction, directionOf, STILL } from "./direction.ts";

/** How far a thumb moves until the stick is at its rim, in CSS pixels. */
export const STICK_REACH = 48;

/** Nearer to the middle than this, as a part of the reach, a thumb only rests. */
const DEAD_ZONE = 0.15;

/** A place on the field, from its upper left corner. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A stick that comes to be where a thumb, a pen or a mouse is put down. */
export class Stick {
  #held: { readonly pointer: number; readonly middle: Spot; at: Spot } | undefined;

  /**
   * @param at in CSS pixels, as everywhere here.
   * @returns whether it is held now: the first one that comes has it.
   */
  grasp(pointer: number, at: Spot): boolean {
    if (this.#held !== undefined) return false;
    this.#held = { pointer, middle: at, at };
    return true;
  }

  move(pointer: number, at: Spot): void {
    if (this.#held?.pointer === pointer) this.#held.at = at;
  }

  release(pointer: number): void {
    if (this.#held?.pointer === pointer) this.#held = undefined;
  }

  releaseAll(): void {
    this.#held = undefined;
  }

  get direction(): Direction {
    const { x, y } = this.#push();
    return Math.hypot(x, y) < DEAD_ZONE ? STILL : directionOf(x, y);
  }

  /** Where it is to be drawn: its middle, and its knob that never leaves the rim. */
  get shown(): { readonly middle: Spot; readonly knob: Spot } | undefined {
    if (this.#held === undefined) return undefined;
    const { middle } = this.#held;
    const { x, y } = this.#push();
    const reach = STICK_REACH / Math.max(1, Math.hypot(x, y));
    return { middle, knob: { x: middle.x + x * reach, y: middle.y + y * reach } };
  }

  #push(): Spot {
    if (this.#held === undefined) return { x: 0, y: 0 };
    const { middle, at } = this.#held;
    return { x: (at.x - middle.x) / STICK_REACH, y: (at.y - middle.y) / STICK_REACH };
  }
}
