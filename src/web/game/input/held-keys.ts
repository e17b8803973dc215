import { type Direction, directionOf } from "./direction.ts";

/** By the place on the keyboard and not by the letter: W, A, S and D are elsewhere on other layouts. */
const WAYS: ReadonlyMap<string, readonly [x: number, y: number]> = new Map([
  ["ArrowUp", [0, -1]],
  ["KeyW", [0, -1]],
  ["ArrowDown", [0, 1]],
  ["KeyS", [0, 1]],
  ["ArrowLeft", [-1, 0]],
  ["KeyA", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["KeyD", [1, 0]],
]);

/** The keys that are held down, of those that lead somewhere. */
export class HeldKeys {
  readonly #held = new Set<string>();

  /** @returns whether the key is one of ours, and so nobody else's to act on. */
  press(code: string): boolean {
    if (!WAYS.has(code)) return false;
    this.#held.add(code);
    return true;
  }

  release(code: string): void {
    this.#held.delete(code);
  }

  /** Lets all go: whoever looks elsewhere is not told that they came up. */
  releaseAll(): void {
    this.#held.clear();
  }

  /** Where they lead together; two that are opposite lead nowhere. */
  get direction(): Direction {
    let [x, y] = [0, 0];
    for (const code of this.#held) {
      const [toX, toY] = WAYS.get(code) ?? [0, 0];
      x += toX;
      y += toY;
    }
    // Both keys of one way are still that way alone.
    return directionOf(Math.sign(x), Math.sign(y));
  }
}
