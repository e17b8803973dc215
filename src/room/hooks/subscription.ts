import { iso } from "../../protocol/iso.ts";
import type { LogEvent } from "../log/log.ts";
import type { Address, Delivery } from "../store/outbox.ts";

/** Somebody outside of the room who hears of what happens in it, once that is stored. */
export interface Subscription {
  /** Where a delivery for it goes, by the delivery's key. */
  address(key: string): Address;
  /** Whether it hears of what has this name: that of an event ({@link nameOutside}), or one that a rule chose. */
  hears(name: string): boolean;
}

/** What is told outside of a room, beside its type and time. */
export interface Tidings {
  readonly room: string;
  /** Of an event of the log. */
  readonly seq?: number;
  /** Who caused it. */
  readonly userId?: string;
  /** Of the contract by which it was stored, of a team's own kind, where that is not the first. */
  readonly version?: number;
}

/** What a kind says of how its events are called outside of their rooms. */
export interface Outside {
  /** What comes before their types. */
  readonly outside: string;
  /** Of their contract. */
  readonly version: number;
}

/** Where an event was stored, and who may hear of it. */
export interface Place {
  readonly room: string;
  readonly kind: Outside;
  readonly epoch: string;
  readonly subscriptions: readonly Subscription[];
}

/** What events of a type are called outside of their room: `new_message`, or `poll.closed` of a team's own kind. */
export function nameOutside({ outside }: Outside, type: string): string {
  return outside + type;
}

/** What is to be brought to those who hear of a stored event; the key is the same at each attempt. */
export function deliveriesOf(event: LogEvent, place: Place): readonly Delivery[] {
  const { room, kind, epoch, subscriptions } = place;
  const { seq, type, userId, at, payload } = event;
  const name = nameOutside(kind, type);
  const hearing = subscriptions.filter((subscription) => subscription.hears(name));
  if (hearing.length === 0) return [];
  const { version } = kind;
  const about = { room, seq, userId, ...(version === 1 ? {} : { version }) };
  const body = bodyOf(name, at, about, payload);
  const key = `${epoch}#${seq}`;
  return hearing.map((one) => ({ to: one.address(key), source: seq, key, body }));
}

/**
 * What is brought: JSON text as Standard Webhooks has it, so that a webhook is sent just what was
 * stored.
 *
 * @param payload JSON text.
 */
export function bodyOf(type: string, at: number, data: Tidings, payload: string): string {
  const told = JSON.stringify(data).slice(0, -1);
  return `{"type":${JSON.stringify(type)},"timestamp":"${iso(at)}","data":${told},"payload":${payload}}}`;
}

/** What {@link bodyOf} told, read again. */
export interface Told extends Tidings {
  /** What it is called outside of its room. */
  readonly name: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly payload: unknown;
}

/** @param body of a delivery that {@link bodyOf} made. */
export function readTidings(body: unknown): Told {
  const {
    type: name,
    timestamp,
    data,
  } = JSON.parse(String(body)) as {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Tidings & { readonly payload: unknown };
  };
  return { name, timestamp, ...data };
}
