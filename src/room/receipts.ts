import { BOUNDS } from "../protocol/limits.ts";

/** How far each person has read. It only moves up, and is written in bunches. */
export class Receipts {
  readonly #upTo: Map<string, number>;
  #unsaved = new Map<string, number>();

  constructor(saved: ReadonlyMap<string, number>) {
    this.#upTo = new Map(saved);
  }

  /** How far a person has read; 0 before anything. */
  upTo(userId: string): number {
    return this.#upTo.get(userId) ?? 0;
  }

  /** Moves a person's receipt up; a lower one changes nothing. */
  advance(userId: string, upTo: number): void {
    if (upTo <= this.upTo(userId)) return;
    this.#upTo.set(userId, upTo);
    this.#unsaved.set(userId, upTo);
  }

  get hasUnsaved(): boolean {
    return this.#unsaved.size > 0;
  }

  /** What is yet to be written. */
  get unsaved(): ReadonlyMap<string, number> {
    return this.#unsaved;
  }

  /** Says that {@link unsaved} is in storage. */
  saved(): void {
    this.#unsaved = new Map();
  }

  /** The furthest receipts, at most `BOUNDS.readsOnJoin` of them. */
  snapshot(): Readonly<Record<string, number>> {
    const all = [...this.#upTo];
    const furthest =
      all.length <= BOUNDS.readsOnJoin
        ? all
        : all.sort(([, a], [, b]) => b - a).slice(0, BOUNDS.readsOnJoin);
    return Object.fromEntries(furthest);
  }
}
