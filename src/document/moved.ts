import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { flushDelayMs } from "../room/flush/flush-pace.ts";

/**
 * Connections that have changed since their sockets kept them. What a socket keeps outlasts a sleep
 * and nothing else; so it is written now and then, and an object that has some to write does not sleep.
 */
export class Moved {
  readonly #ids = new Set<string>();
  #takenAt = Number.NEGATIVE_INFINITY;

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  add(id: string): void {
    this.#ids.add(id);
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }

  /** How long until they are to be kept, in milliseconds: the first after a quiet time at once. */
  dueInMs(now: number): number {
    if (this.isEmpty) return Number.POSITIVE_INFINITY;
    // A clock that was set back must not have them wait until it is there again.
    if (now < this.#takenAt) return 0;
    return flushDelayMs(EDITOR_BOUNDS.keepGapMs, this.#takenAt, now);
  }

  /** Takes those that are to be kept now. */
  take(now: number): readonly string[] {
    if (this.dueInMs(now) > 0) return [];
    const ids = [...this.#ids];
    this.#ids.clear();
    this.#takenAt = now;
    return ids;
  }
}
