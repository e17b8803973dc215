import { GAME_BOUNDS } from "../protocol/game-limits.ts";
import { type Json, payloadProblem } from "../protocol/json.ts";
import { utf8Bytes } from "../protocol/utf8.ts";

/** What outlasts a game that sleeps or crashes. */
export interface SavedGame {
  readonly tick: number;
  /** What the game's `save` answered. */
  readonly data: Json;
}

/** When a game is to be saved, and whether that would change anything. */
export class Keeping {
  #askedAt = Number.NEGATIVE_INFINITY;
  #text: string | undefined;

  /** @param saved what is stored. */
  constructor(saved: SavedGame | undefined) {
    this.#text = saved === undefined ? undefined : JSON.stringify(saved.data);
  }

  /** Whether it may be saved again. */
  isDue(now: number): boolean {
    return Math.abs(now - this.#askedAt) >= GAME_BOUNDS.saveGapMs;
  }

  /** The game is asked now, whatever it answers. */
  asked(now: number): void {
    this.#askedAt = now;
  }

  /** What is stored is not known to be what the game answered last. */
  forget(): void {
    this.#text = undefined;
  }

  /**
   * Whether what the game answered is other than what is stored, which it is taken to be from here on.
   *
   * @throws {TypeError} for what cannot be kept.
   */
  isNew(data: unknown): data is Json {
    if (payloadProblem(data) !== undefined) throw new TypeError("What it answered is not JSON.");
    const text = JSON.stringify(data);
    if (text === this.#text) return false;
    const bytes = utf8Bytes(text);
    if (bytes > GAME_BOUNDS.saveBytes) {
      throw new TypeError(`What it answered is ${bytes} bytes of ${GAME_BOUNDS.saveBytes}.`);
    }
    this.#text = text;
    return true;
  }
}
