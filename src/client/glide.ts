import type { PlayerState } from "./prediction.ts";

/** What is left of a deviation after so many milliseconds is a third of it; after 100, nearly nothing. */
const DECAY_MS = 33;

/** How a field is corrected: so little is not worth it, and that much at once. */
export interface Bounds {
  readonly least: number;
  readonly snap: number;
}

/** What is shown of a player goes over into what it has turned out to be, and does not jump there. */
export class Glide {
  readonly #off = new Map<string, number>();
  #since = 0;

  /** From now on it is elsewhere than it was shown to be. */
  begin(
    shown: Readonly<PlayerState>,
    actual: Readonly<PlayerState>,
    now: number,
    boundsOf: (field: string) => Bounds,
  ): void {
    this.#since = now;
    for (const [name, value] of Object.entries(actual)) {
      const off = (shown[name] ?? value) - value;
      const { least, snap } = boundsOf(name);
      const isShown = Math.abs(off) > least && Math.abs(off) <= snap;
      this.#off.set(name, isShown ? off : 0);
    }
  }

  /** Moves a state to where it is to be shown. */
  apply(state: PlayerState, now: number): void {
    const left = Math.exp(-Math.max(0, now - this.#since) / DECAY_MS);
    for (const [name, off] of this.#off) state[name] = (state[name] ?? 0) + off * left;
  }
}
