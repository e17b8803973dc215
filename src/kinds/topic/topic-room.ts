import type { Telling } from "../../room/hooks/effect.ts";
import type { KeptValues, KindGreeting, KindPorts, KindRoom } from "../../room/hooks/kind.ts";
import { LastValues } from "./last-values.ts";
import { SqlLastValues } from "./sql-last-values.ts";
import type { TopicChange, TopicFrame } from "./topic-frame.ts";
import { TopicTurn } from "./topic-turn.ts";

/** One topic: what is published goes to all, and its newest values to whoever joins. */
export class TopicRoom implements KindRoom<TopicFrame, TopicChange> {
  readonly #store: SqlLastValues;
  readonly #values: LastValues;
  readonly lastValues: KeptValues;

  constructor({ store }: KindPorts) {
    this.#store = new SqlLastValues(store.tables);
    this.#values = new LastValues(this.#store.load());
    this.lastValues = {
      forget: (event) => {
        const wasKept = this.#store.remove(event);
        this.#values.drop(event);
        return wasKept;
      },
    };
  }

  begin(): TopicTurn {
    return new TopicTurn(this.#store, this.#values);
  }

  rolledBack(): void {}

  greet(): KindGreeting {
    return { fields: { last: this.#values.snapshot() }, history: [] };
  }

  /** What was published between two polls is gone, so each brings what stands. */
  poll(): object {
    return { last: this.#values.snapshot() };
  }

  page(): undefined {}

  left(): readonly Telling[] {
    return [];
  }

  upkeep(): void {}

  due(): readonly never[] {
    return [];
  }

  wakeAt(): undefined {}

  trimmed(): void {}

  livesUntil(): number {
    return this.#values.size > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
}
