/** Things to be done after a while, one of each name. */
export class Pauses {
  readonly #after: (ms: number, act: () => void) => () => void;
  readonly #stops = new Map<string, () => void>();

  /** @param after acts later, unless what it returns is called before. */
  constructor(after: (ms: number, act: () => void) => () => void) {
    this.#after = after;
  }

  /** Does something after so many milliseconds. */
  begin(name: string, ms: number, act: () => void): void {
    this.end(name);
    const stop = this.#after(ms, () => {
      this.#stops.delete(name);
      act();
    });
    this.#stops.set(name, stop);
  }

  /** What was to be done under a name is not. */
  end(name: string): void {
    this.#stops.get(name)?.();
    this.#stops.delete(name);
  }

  /** Nothing is done any more. */
  endAll(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
  }
}
