import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import type { StateVector } from "./state-vector.ts";

/**
 * What was a document's until it was deleted, for a while: whoever comes back and still has it would
 * write it anew. It is in memory alone, where those who do so at once keep it.
 */
export class Tombstone {
  readonly #clients: ReadonlySet<number>;
  readonly #until: number;

  /** @param vector of the document that was deleted. */
  constructor(vector: StateVector, now: number) {
    this.#clients = new Set(vector.keys());
    this.#until = now + EDITOR_BOUNDS.deletedMs;
  }

  /**
   * Whether somebody has something of the deleted document that is not in the one of today.
   *
   * @param vector what they have, and `today` what is here.
   */
  isIn(vector: StateVector, today: StateVector, now: number): boolean {
    // One of the future was put up before the clock was set back.
    if (now >= this.#until || now < this.#until - EDITOR_BOUNDS.deletedMs) return false;
    for (const [client, clock] of vector) {
      if (clock > 0 && this.#clients.has(client) && !today.has(client)) return true;
    }
    return false;
  }
}
