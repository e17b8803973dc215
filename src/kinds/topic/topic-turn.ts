import { refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { refuseFrame } from "../../protocol/permission.ts";
import type { LastValue } from "../../protocol/server-frame.ts";
import type { Actor } from "../../room/actor.ts";
import { type Decision, published, refused } from "../../room/hooks/decision.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { KindTurn } from "../../room/hooks/kind.ts";
import { publication } from "../publish.ts";
import type { LastValueStore, LastValues } from "./last-values.ts";
import type { TopicChange, TopicFrame } from "./topic-frame.ts";

/** A topic's part of one flush. */
export class TopicTurn implements KindTurn<TopicFrame, TopicChange> {
  readonly #store: LastValueStore;
  readonly #values: LastValues;
  readonly #newer = new Map<string, LastValue>();

  constructor(store: LastValueStore, values: LastValues) {
    this.#store = store;
    this.#values = values;
  }

  /** Tells a value to the others and keeps it, for whoever joins later. */
  decide({ type, payload }: TopicFrame, actor: Actor, now: number): Decision<TopicChange> {
    const denied = refuseFrame(type, actor);
    if (denied !== undefined) return refused(denied);
    const { event, data } = payload;
    if (!this.#values.hasRoomFor(event, this.#newer)) {
      return refused(
        refusal("conflict", `A topic keeps ${BOUNDS.topicEvents} event names; reuse one of them.`),
      );
    }
    const change = { event, value: { data, timestamp: iso(now) } };
    return published([
      { do: "change", change, isStored: true },
      { do: "tell", ...publication(payload, actor, now), owedToNewcomers: true },
    ]);
  }

  apply({ event, value }: TopicChange): readonly Telling[] {
    this.#newer.set(event, value);
    return [];
  }

  appended(): void {}

  save(): void {
    if (this.#newer.size > 0) this.#store.save(this.#newer);
  }

  settled(): void {
    this.#values.take(this.#newer);
  }
}
