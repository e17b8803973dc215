import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import type { Update } from "./update.ts";

/** An update that is stored, and that no reader can take in before others have come. */
export interface WaitingUpdate {
  readonly bytes: number;
  /** What has to be there, as `[client, clock]`: of that client, all before the clock. */
  readonly needs: readonly (readonly [client: number, clock: number])[];
}

/** How far a client's items are there without a gap. */
export type ClockOf = (client: number) => number;

/**
 * What an update needs and is not there yet: what is before its own items, what they refer to, and
 * what it deletes. At most `waitingNeeds` of it.
 */
export function missingFor(update: Update, clockOf: ClockOf): WaitingUpdate["needs"] {
  const missing: [number, number][] = [];
  for (const [client, clock] of needsOf(update)) {
    if (clockOf(client) >= clock) continue;
    missing.push([client, clock]);
    if (missing.length === YJS_BOUNDS.waitingNeeds) break;
  }
  return missing;
}

function* needsOf({ runs, needs, deletes }: Update): Generator<[client: number, clock: number]> {
  for (const { client, from } of runs) yield [client, from];
  yield* needs;
  for (const [client, ranges] of deletes) yield [client, ranges.at(-1) ?? 0];
}

/** What waits on gaps in a document. Bounded, for it can neither be compacted nor be told from garbage. */
export class WaitingUpdates {
  #updates: readonly WaitingUpdate[];

  constructor(updates: readonly WaitingUpdate[] = []) {
    this.#updates = updates;
  }

  get list(): readonly WaitingUpdate[] {
    return this.#updates;
  }

  get bytes(): number {
    return this.#updates.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  hasRoomFor(bytes: number): boolean {
    return (
      this.#updates.length < YJS_BOUNDS.waitingUpdates &&
      this.bytes + bytes <= YJS_BOUNDS.waitingBytes
    );
  }

  add(update: WaitingUpdate): void {
    this.#updates = [...this.#updates, update];
  }

  /** Lets go of what has come. */
  settle(clockOf: ClockOf): void {
    if (this.#updates.length === 0) return;
    this.#updates = this.#updates.filter(({ needs }) =>
      needs.some(([client, clock]) => clockOf(client) < clock),
    );
  }
}
