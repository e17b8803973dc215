import { BOUNDS } from "../../protocol/limits.ts";

/** Where receipts are kept. */
export interface ReceiptStore {
  /** The furthest receipts, at most so many. */
  load(limit: number): ReadonlyMap<string, number>;
  /** Saves receipts; one that is lower than what is there changes nothing. */
  save(receipts: ReadonlyMap<string, number>): void;
  /** Drops all but the furthest receipts. */
  trim(kept: number): void;
}

/** How far each person has read. It only moves up, and is written in bunches. */
export class Receipts {
  readonly #upTo: Map<string, number>;
  #unsaved = new Map<string, number>();
  #snapshot: Readonly<Record<string, number>> | undefined;

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
    this.#snapshot = undefined;
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
    this.#snapshot ??= Object.fromEntries(this.#furthest(BOUNDS.readsOnJoin));
    return this.#snapshot;
  }

  /** Forgets all but the furthest of those that are saved. */
  trim(kept: number): void {
    if (this.#upTo.size <= kept) return;
    const furthest = new Set(this.#furthest(kept).map(([userId]) => userId));
    for (const userId of this.#upTo.keys()) {
      if (!furthest.has(userId) && !this.#unsaved.has(userId)) this.#upTo.delete(userId);
    }
  }

  #furthest(count: number): readonly (readonly [string, number])[] {
    const all = [...this.#upTo];
    return all.length <= count ? all : all.sort(([, a], [, b]) => b - a).slice(0, count);
  }
}
