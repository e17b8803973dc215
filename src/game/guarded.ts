import { GAME_BOUNDS } from "../protocol/game-limits.ts";
import type { GameHook } from "../protocol/hook.ts";

/** What came of calling one. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** What went wrong in a game's own code, for its owner. */
export interface GameFailure {
  readonly hook: GameHook;
  readonly thrown: unknown;
}

/**
 * Calls a game's own code, whose failure is that call's alone. A function that fails each tick is told
 * of once a second.
 */
export class Guarded {
  readonly #failures: GameFailure[] = [];
  readonly #toldAt = new Map<GameHook, number>();

  /**
   * Calls one of its functions, and looks at what it answers.
   *
   * @param call throws for rubbish too.
   */
  attempt<T>(hook: GameHook, now: number, call: () => T): Attempt<T> {
    try {
      return { ok: true, value: atOnce(call()) };
    } catch (thrown) {
      this.#note(hook, thrown, now);
      return { ok: false };
    }
  }

  /** What failed since it was last asked. */
  takeFailures(): readonly GameFailure[] {
    return this.#failures.splice(0);
  }

  #note(hook: GameHook, thrown: unknown, now: number): void {
    const toldAt = this.#toldAt.get(hook) ?? Number.NEGATIVE_INFINITY;
    if (Math.abs(now - toldAt) < GAME_BOUNDS.failureGapMs) return;
    this.#toldAt.set(hook, now);
    this.#failures.push({ hook, thrown });
  }
}

/**
 * What a game's own code answers.
 *
 * @throws {TypeError} for a promise: nobody waits for it.
 */
export function atOnce<T>(value: T): T {
  if (typeof value !== "object" || value === null || !("then" in value)) return value;
  // What becomes of it must end nothing else.
  Promise.resolve(value).catch(() => {});
  throw new TypeError("It is asynchronous, and a tick is one turn.");
}
