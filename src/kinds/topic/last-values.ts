import { BOUNDS } from "../../protocol/limits.ts";
import type { LastValue } from "../../protocol/server-frame.ts";

/** Where the last value of each event of a topic is kept. */
export interface LastValueStore {
  load(): ReadonlyMap<string, LastValue>;
  /** Drops an event's value; false when there is none. */
  remove(event: string): boolean;
  save(values: ReadonlyMap<string, LastValue>): void;
}

/** The last value of each event of a topic: whoever joins is handed them, so no chart is empty. */
export class LastValues {
  readonly #values: Map<string, LastValue>;

  constructor(saved: ReadonlyMap<string, LastValue>) {
    this.#values = new Map(saved);
  }

  /** How many events have a value. */
  get size(): number {
    return this.#values.size;
  }

  /** Whether an event's value can be kept, with those `pending` that are about to be. */
  hasRoomFor(event: string, pending: ReadonlyMap<string, LastValue>): boolean {
    if (this.#values.has(event) || pending.has(event)) return true;
    const fresh = [...pending.keys()].filter((name) => !this.#values.has(name));
    return this.#values.size + fresh.length < BOUNDS.topicEvents;
  }

  /** Takes newer values, once they are stored. */
  take(values: ReadonlyMap<string, LastValue>): void {
    for (const [event, value] of values) this.#values.set(event, value);
  }

  /** Drops a value that is no longer stored. */
  drop(event: string): void {
    this.#values.delete(event);
  }

  snapshot(): Readonly<Record<string, LastValue>> {
    return Object.fromEntries(this.#values);
  }
}
