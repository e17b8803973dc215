import type { AnyContract } from "../../contract/contract.ts";
import { assertNever } from "../../protocol/assert-never.ts";
import { closeFor } from "../../protocol/close.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import type { Json } from "../../protocol/json.ts";
import type { Actor } from "../../room/actor.ts";
import { originOf } from "../../room/connections/origin.ts";
import { accepted, type Decision } from "../../room/hooks/decision.ts";
import type { Effect } from "../../room/hooks/effect.ts";
import type { KindPorts } from "../../room/hooks/kind.ts";
import { bodyOf } from "../../room/hooks/subscription.ts";
import { fold, type OwnState } from "./own-state.ts";
import type { Timer } from "./own-store.ts";
import type { TxCall } from "./own-tx.ts";

/** What a decision asks of a room of a team's own kind beside what every room does. */
export type OwnChange =
  | { readonly do: "state"; readonly state: OwnState }
  | { readonly do: "timer"; readonly name: string; readonly timer: Timer | undefined };

/** Whose deed it is, and on what it builds. */
export interface DeedParts {
  readonly contract: AnyContract;
  readonly ports: KindPorts;
  readonly state: OwnState;
  /** Names the events that are stored of it. */
  readonly key: string;
  /** Names it among all deeds of one moment, stored or not. */
  readonly ordinal: number;
  readonly actor: Actor;
  readonly now: number;
}

/** One decision in the making: events follow each other, and each is folded before any is stored. */
export class Deed {
  readonly #parts: DeedParts;
  readonly #effects: Effect<OwnChange>[] = [];
  readonly #firstSeq: number;
  #state: OwnState;
  #events = 0;
  /** What it has told outside of the room. */
  #told = 0;

  constructor(parts: DeedParts) {
    this.#parts = parts;
    this.#firstSeq = parts.ports.store.log.head + 1;
    this.#state = parts.state;
  }

  /** @param messageId of what a client sent; what a rule adds to it has one made of it. */
  append(type: string, data: Json, messageId?: string): void {
    const { contract, actor, now, key } = this.#parts;
    const seq = this.#firstSeq + this.#events;
    this.#state = fold(contract, this.#state, {
      type,
      data,
      actorId: actor.userId,
      seq,
      timestamp: iso(now),
    });
    const event = {
      seq,
      type,
      at: now,
      userId: actor.userId,
      messageId: messageId ?? `${key}/${this.#events}`,
      payload: JSON.stringify(data),
    };
    this.#events += 1;
    this.#effects.push({ do: "append", event });
  }

  signal(type: string, data: Json): void {
    const { actor, now } = this.#parts;
    const { connectionId, userId } = actor;
    const frame = {
      type,
      userId,
      timestamp: iso(now),
      ...(connectionId === undefined ? {} : { origin: originOf(connectionId) }),
      payload: data,
    };
    this.#effects.push({
      do: "tell",
      audience: { to: "all-but-connection", connectionId },
      frame: EncodedFrame.fromJson(JSON.stringify(frame)),
    });
  }

  change(change: OwnChange): void {
    this.#effects.push({ do: "change", change, isStored: true });
  }

  carryOut(call: TxCall): void {
    switch (call.do) {
      case "append":
        this.append(call.type, call.data);
        return;
      case "publish":
        this.signal(call.type, call.data);
        return;
      case "schedule":
        this.change({ do: "timer", name: call.timer, timer: { at: call.at, data: call.data } });
        return;
      case "cancel":
        this.change({ do: "timer", name: call.timer, timer: undefined });
        return;
      case "notify":
        this.#notify(call);
        return;
      case "webhook":
        this.#webhook(call);
        return;
      case "close":
        this.#close(call.userId);
        return;
      default:
        assertNever(call);
    }
  }

  /** @param isSaved whether its sender is told what was saved. */
  decision(isSaved: boolean): Decision<OwnChange> {
    if (this.#state !== this.#parts.state) this.change({ do: "state", state: this.#state });
    return accepted(this.#effects, isSaved ? { savedId: this.#firstSeq } : undefined);
  }

  #notify({ userId, notice }: Extract<TxCall, { do: "notify" }>): void {
    const key = this.#outsideKey();
    this.#effects.push({
      do: "notify",
      notices: [{ recipient: userId, source: this.#firstSeq, key, content: notice }],
    });
  }

  /** Tells those webhooks of it that list the name. */
  #webhook({ name, data }: Extract<TxCall, { do: "webhook" }>): void {
    const { ports, actor, now } = this.#parts;
    const { name: room, subscriptions } = ports;
    const source = this.#firstSeq;
    const body = bodyOf(name, now, { room, userId: actor.userId }, JSON.stringify(data));
    const key = this.#outsideKey();
    for (const subscription of subscriptions) {
      if (!subscription.hears(name)) continue;
      const delivery = { to: subscription.address(key), source, key, body };
      this.#effects.push({ do: "deliver", delivery });
    }
  }

  /** Of something that is told outside. It does not hang on the log alone: a timer may store no event. */
  #outsideKey(): string {
    const { ports, now, ordinal } = this.#parts;
    this.#told += 1;
    return `${ports.store.log.epoch}#${this.#firstSeq}.${now}-${ordinal}-${this.#told}`;
  }

  #close(userId: string): void {
    const close = closeFor("access_denied");
    for (const { id, session } of this.#parts.ports.connections.values()) {
      if (session.userId !== userId) continue;
      this.#effects.push({ do: "close", connectionId: id, close });
    }
  }
}
