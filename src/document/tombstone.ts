import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import type { StateVector } from "./state-vector.ts";

/**
 * What was a document's until it was deleted, for a while: whoever comes back and still has it would
 * write it anew. It is in memory alone, where those who do so at once keep it.
 */
export class Tombstone {
  /** When each client was deleted that was, the oldest first, milliseconds since the epoch. */
  readonly #deletedAt = new Map<number, number>();

  /**
   * A document was deleted. What was before it is not forgotten: whoever deletes makes sure, and does so twice.
   *
   * @param vector of that document.
   */
  add(vector: StateVector, now: number): void {
    for (const client of vector.keys()) {
      this.#deletedAt.delete(client);
      this.#deletedAt.set(client, now);
    }
    for (const [oldest, at] of this.#deletedAt) {
      if (isRecent(at, now) && this.#deletedAt.size <= YJS_BOUNDS.clients) break;
      this.#deletedAt.delete(oldest);
    }
  }

  /**
   * Whether somebody has something of a deleted document that is not in the one of today.
   *
   * @param vector what they have, and `today` what is here.
   */
  isIn(vector: StateVector, today: StateVector, now: number): boolean {
    for (const [client, clock] of vector) {
      const at = this.#deletedAt.get(client);
      if (clock > 0 && at !== undefined && isRecent(at, now) && !today.has(client)) return true;
    }
    return false;
  }
}

function isRecent(at: number, now: number): boolean {
  // One of the future was deleted before the clock was set back.
  return at <= now && now < at + EDITOR_BOUNDS.deletedMs;
}
