import type { LastValue } from "../../protocol/server-frame.ts";
import type { KeptValues, KindGreeting, KindMemory } from "../../room/hooks/kind.ts";
import { type LastValueStore, LastValues } from "./last-values.ts";

/** What a topic keeps in memory: the newest value of each event, which whoever joins is told. */
export class TopicMemory implements KindMemory {
  readonly #store: LastValueStore;
  readonly #values: LastValues;
  /** Of this flush: an event's row is written once in it, however often it was published. */
  readonly #newer = new Map<string, LastValue>();
  readonly lastValues: KeptValues;

  constructor(store: LastValueStore) {
    this.#store = store;
    this.#values = new LastValues(store.load());
    this.lastValues = {
      forget: (event) => {
        const wasKept = store.remove(event);
        this.#values.drop(event);
        return wasKept;
      },
    };
  }

  /** Whether a value of this event can be kept. */
  hasRoomFor(event: string): boolean {
    return this.#values.hasRoomFor(event, this.#newer);
  }

  /** Keeps the newest value of an event. */
  take(event: string, value: LastValue): void {
    this.#newer.set(event, value);
  }

  begin(): void {
    this.#newer.clear();
  }

  save(): void {
    if (this.#newer.size > 0) this.#store.save(this.#newer);
  }

  settled(): void {
    this.#values.take(this.#newer);
    this.#newer.clear();
  }

  greet(): KindGreeting {
    return { fields: { last: this.#values.snapshot() }, history: [] };
  }

  /** What was published between two polls is gone, so each brings what stands. */
  poll(): object {
    return { last: this.#values.snapshot() };
  }

  livesUntil(): number {
    return this.#values.size > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
}
