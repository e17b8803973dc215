import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";

interface Left {
  readonly clock: number;
  readonly state: null;
  readonly at: number;
}

/**
 * Clients that left a moment ago, and at which clock. Others repeat what they heard of them before they
 * hear that they left: without this the echo would bring them back, as a ghost that belongs to whoever
 * said it.
 */
export class LeftClients {
  readonly #left = new Map<number, Left>();

  get(client: number): Left | undefined {
    return this.#left.get(client);
  }

  /** The clock at which it left; below every clock when that is not known. */
  clockOf(client: number): number {
    return this.#left.get(client)?.clock ?? -1;
  }

  add(client: number, clock: number, now: number): void {
    this.#left.delete(client);
    this.#left.set(client, { clock, state: null, at: now });
    // The oldest come first in a Map.
    for (const [oldest, { at }] of this.#left) {
      const isKept =
        now - at < YJS_BOUNDS.awarenessLeftMs && this.#left.size <= YJS_BOUNDS.awarenessLeft;
      if (isKept) break;
      this.#left.delete(oldest);
    }
  }

  delete(client: number): void {
    this.#left.delete(client);
  }
}
