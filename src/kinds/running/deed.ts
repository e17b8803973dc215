import type { AnyContract } from "../../contract/contract.ts";
import type { ReservedContract } from "../../contract/reserved-contract.ts";
import { closeFor } from "../../protocol/close.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import { type Json, jsonBytes } from "../../protocol/json.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Audit } from "../../protocol/log-line.ts";
import type { NotificationContent } from "../../protocol/notification.ts";
import type { Saved } from "../../protocol/server-frame.ts";
import { isLongerThan } from "../../protocol/utf8.ts";
import type { Actor } from "../../room/actor.ts";
import { originOf } from "../../room/connections/origin.ts";
import { type Decision, type Refused, refused } from "../../room/hooks/decision.ts";
import type { Effect, Telling } from "../../room/hooks/effect.ts";
import type { KindPorts } from "../../room/hooks/kind.ts";
import { blaming } from "../../room/hooks/rule-failure.ts";
import { bodyOf } from "../../room/hooks/subscription.ts";
import { TIMER_CARRIER } from "../../room/store/dead-letters.ts";
import type { EventColumns, Hands } from "../extension.ts";
import { Notices } from "./notices.ts";
import type { TxCall } from "./rule-tx.ts";
import type { Standing } from "./standing.ts";
import type { Timer } from "./standing-store.ts";
import { fold, grown, measured, type Sized } from "./state.ts";

/** Whose deed it is, and on what it builds. */
export interface DeedParts {
  readonly contract: AnyContract;
  readonly ports: KindPorts;
  /** Of a team's own kind. */
  readonly standing: Standing | undefined;
  /** The key of what it carries out; empty of what has none. */
  readonly messageId: string;
  readonly actor: Actor;
  readonly now: number;
  /** Which one it is in this life of the room. */
  readonly ordinal: number;
}

const NOTHING: readonly Telling[] = [];
const NO_CALLS: readonly TxCall[] = [];

/** One decision in the making: events follow each other, and each is folded before any is stored. */
export class Deed implements Hands<ReservedContract> {
  readonly #parts: DeedParts;
  readonly #effects: Effect[] = [];
  #despite: Effect[] | undefined;
  readonly #firstSeq: number;
  #events = 0;
  #state: Sized | undefined;
  #saved: Saved | undefined;
  #isCounted = false;
  /** Webhooks that were called. */
  #told = 0;
  #notices: Notices | undefined;

  constructor(parts: DeedParts) {
    this.#parts = parts;
    this.#firstSeq = parts.ports.store.log.head + 1;
    this.#state = parts.standing?.state;
  }

  /** What it does so far. */
  get effects(): readonly Effect[] {
    return this.#effects;
  }

  append(type: string, data: unknown, columns?: EventColumns): number {
    const { contract, actor, now, messageId } = this.#parts;
    const { userId } = actor;
    const seq = this.#firstSeq + this.#events;
    const payload = JSON.stringify(data);
    if (isLongerThan(payload, BOUNDS.eventBytes)) {
      throw new RangeError(`An event "${type}" is of ${BOUNDS.eventBytes} bytes at most.`);
    }
    if (this.#state !== undefined) {
      const event = { type, data: data as Json, actorId: userId, seq, timestamp: iso(now) };
      const before = this.#state;
      this.#state = blaming("apply", () =>
        grown(before, fold(contract, before, event), payload.length),
      );
    }
    const event = {
      seq,
      type,
      at: now,
      userId,
      // What a rule adds has a key that its sender, who chooses keys, cannot have used before.
      messageId:
        this.#events === 0 && messageId !== "" ? messageId : `${this.#eventKey()}/${this.#events}`,
      ...columns,
      payload,
    };
    this.#events += 1;
    this.#saved ??= { savedId: seq };
    this.#effects.push({ do: "append", event });
    return seq;
  }

  publish(type: string, data: unknown): void {
    const { actor, now } = this.#parts;
    const { connectionId, userId } = actor;
    const frame = {
      type,
      userId,
      timestamp: iso(now),
      ...(connectionId === undefined ? {} : { origin: originOf(connectionId) }),
      payload: data,
    };
    this.tell({
      audience: { to: "all-but-connection", connectionId },
      frame: EncodedFrame.fromJson(JSON.stringify(frame)),
    });
  }

  schedule(timer: string, at: number, data: unknown): void {
    // As its schema put it out.
    this.#setTimer(timer, { at, data: data as Json });
  }

  cancel(timer: string): void {
    this.#setTimer(timer, undefined);
  }

  notify(recipient: string, content: NotificationContent): void {
    this.#notices ??= new Notices();
    this.#notices.add(recipient, content);
  }

  /** Tells those outside of it that listen to the name. */
  webhook(name: string, data: Json): void {
    const { ports, actor, now } = this.#parts;
    const hearing = ports.subscriptions.filter((subscription) => subscription.hears(name));
    if (hearing.length === 0) return;
    this.#told += 1;
    const source = this.#firstSeq;
    const key = `${this.#ownKey()}-${this.#told}`;
    const about = { room: ports.name, userId: actor.userId };
    const body = bodyOf(name, now, about, JSON.stringify(data));
    const deliveries = hearing.map((one) => ({ to: one.address(key), source, key, body }));
    this.#effects.push({ do: "deliver", deliveries });
  }

  close(userId: string): void {
    const close = closeFor("access_denied");
    for (const { id, session } of this.#parts.ports.connections.values()) {
      if (session.userId !== userId) continue;
      this.#effects.push({ do: "close", connectionId: id, close });
    }
  }

  /** Takes a timer away whose rule has failed for too long, and keeps it aside. */
  giveUp(name: string, { at, data }: Timer, reason: string): void {
    this.cancel(name);
    const to = { carrier: TIMER_CARRIER, recipient: name };
    const letter = { to, source: this.#firstSeq - 1, key: this.#ownKey(), body: data, reason, at };
    this.#effects.push({ do: "bury", letter });
  }

  /** Has a timer's rule, which has failed, run again later. */
  putOff(name: string, timer: Timer): void {
    this.#setTimer(name, timer);
  }

  present(data: Json): Refusal | undefined {
    const { ports, actor, now } = this.#parts;
    const { connectionId, userId } = actor;
    const bytes = data === null ? 0 : jsonBytes(data);
    if (bytes > BOUNDS.presenceDataBytes) {
      const message = `What a person shows is at most ${BOUNDS.presenceDataBytes} bytes of JSON.`;
      return refusal("too_large", message);
    }
    const refused = ports.appearances.refuses(userId, bytes);
    if (refused !== undefined) return refused;
    const change = () => ports.appearances.show(connectionId, data, now);
    this.#effects.push({ do: "change", change, isStored: false });
    return undefined;
  }

  rewrite(seq: number, payload: object, lastEdit?: number): void {
    const text = JSON.stringify(payload);
    this.#effects.push({
      do: "rewrite",
      seq,
      payload: text,
      ...(lastEdit === undefined ? {} : { lastEdit }),
    });
  }

  erase(seq: number, tombstone: object): void {
    this.#effects.push({ do: "erase", seq, tombstone: JSON.stringify(tombstone) });
  }

  tell(telling: Telling): void {
    this.#effects.push({ do: "tell", ...telling });
  }

  receipt(userId: string, upTo: number): void {
    const { head } = this.#parts.ports.store.log;
    this.#effects.push({ do: "receipt", userId, upTo: Math.min(upTo, head) });
  }

  audit(audit: Audit): void {
    this.#effects.push({ do: "audit", audit });
  }

  remember(change: () => void): void {
    this.#effects.push(inMemory(change));
  }

  keep(write: () => readonly Telling[]): void {
    this.#effects.push({ do: "change", change: write, isStored: true });
  }

  saved(saved: Saved): void {
    this.#saved = saved;
  }

  despite(change: () => void): void {
    this.#despite ??= [];
    this.#despite.push(inMemory(change));
  }

  countReaders(): void {
    this.#isCounted = true;
  }

  /** @param calls what a rule has asked for; whatever it appends, its sender is not told of. */
  decision(calls = NO_CALLS): Decision {
    const saved = this.#saved;
    for (const call of calls) call(this);
    const { outbox } = this.#parts.ports.store;
    const crowded = calls.length === 0 ? undefined : this.#notices?.crowd(outbox);
    if (crowded !== undefined) return refused(crowded);
    this.#advance();
    if (this.#notices !== undefined) {
      // What comes with no event must not be taken for what comes with the next one.
      const key = this.#events > 0 ? this.#eventKey() : this.#ownKey();
      this.#effects.push({ do: "deliver", deliveries: this.#notices.under(key, this.#firstSeq) });
    }
    return {
      ok: true,
      effects: this.#effects,
      ...(saved === undefined ? {} : { saved }),
      ...(this.#isCounted ? { isCounted: true } : {}),
    };
  }

  /** Why nothing comes of it, and what is done all the same. */
  refused(error: Refusal): Refused {
    return refused(error, this.#despite);
  }

  /** @throws {RangeError} for too large a state now, and not only when all of the flush is decided. */
  measure(): void {
    const state = this.#state;
    if (state === undefined || state === this.#parts.standing?.state) return;
    blaming("apply", () => measured(state));
  }

  #setTimer(name: string, timer: Timer | undefined): void {
    const { standing } = this.#parts;
    this.keep(() => {
      standing?.setTimer(name, timer);
      return NOTHING;
    });
  }

  #advance(): void {
    const { standing } = this.#parts;
    const state = this.#state;
    if (standing === undefined || state === undefined || state === standing.state) return;
    this.keep(() => {
      standing.advance(state);
      return NOTHING;
    });
  }

  #eventKey(): string {
    return `${this.#parts.ports.store.log.epoch}#${this.#firstSeq}`;
  }

  /** Names this deed whether it stores an event or, like many a timer, none. */
  #ownKey(): string {
    const { now, ordinal } = this.#parts;
    return `${this.#eventKey()}.${now}-${ordinal}`;
  }
}

function inMemory(change: () => void): Effect {
  const effect = () => {
    change();
    return NOTHING;
  };
  return { do: "change", change: effect, isStored: false };
}
