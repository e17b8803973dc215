import { type Refusal, refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";

/** Where a delivery goes: who brings it, and to whom, as that carrier reads it. */
export interface Address {
  readonly carrier: string;
  readonly recipient: string;
}

/** Something for somebody outside of the room, stored with the event that caused it. */
export interface Delivery {
  readonly to: Address;
  /** `seq` of the event it is about. */
  readonly source: number;
  /** Names it at its recipient, so that bringing it again changes nothing there. */
  readonly key: string;
  /** What is brought: JSON that carrier and recipient understand. */
  readonly body: unknown;
}

/** A delivery in storage. */
export interface StoredDelivery extends Delivery {
  readonly id: number;
  /** Visits of its recipient that failed since the last that did not; to be put off counts as one. */
  readonly tries: number;
  /** When it was stored, milliseconds since the epoch. */
  readonly at: number;
}

/** Which deliveries are read to be brought at once. */
export interface Round {
  readonly now: number;
  /** Recipients who are left out: somebody is on the way to them, or they rest after a failure. */
  readonly except: readonly string[];
  /** At most so many recipients, and so many deliveries for each. */
  readonly recipients: number;
  readonly each: number;
}

/** Recipients who rest after a failure, and until when, milliseconds since the epoch. */
export type Resting = ReadonlyMap<string, number>;

/** Deliveries that are stored with what caused them, until their recipients have them. */
export interface OutboxStore {
  /**
   * Stores a delivery. The alarm takes over {@link FIRST_RETRY_MS} after `at` if the visit right
   * after the flush did not come to be.
   */
  add(delivery: Delivery, at: number): void;
  /** Whether nothing waits, whoever is to bring it. */
  readonly isEmpty: boolean;
  /** What waits for one carrier. What none of this code's carriers brings waits for newer code. */
  of(carrier: string): CarrierQueue;
}

/** What waits for one carrier, in a queue for each recipient. */
export interface CarrierQueue {
  /** Whether so many more may wait, where there may be so many in all. */
  hasRoomFor(more: number, most: number): boolean;
  /**
   * What was never tried and what is due, oldest first for each recipient; also what waits longer
   * than it ever should: the clock was set back.
   */
  waiting(round: Round): readonly StoredDelivery[];
  remove(ids: readonly number[]): void;
  /** Counts a failed visit to a recipient, and lets what waits for them wait longer. */
  postpone(recipient: string, due: number): void;
  /** Lets what waits for a recipient, who put some of it off, wait for it. */
  defer(recipient: string, due: number): void;
  /** A recipient was reached, so earlier failures count no more. */
  reached(recipient: string): void;
  /** Takes out what will never be delivered, and keeps it as dead letters; how many others had to go for them. */
  bury(ids: readonly number[], reason: string, now: number): number;
  /** What waits for a recipient beyond the oldest so many. */
  beyond(recipient: string, kept: number): readonly number[];
  /** Who rests, by what an earlier life of the room postponed. */
  resting(now: number): Resting;
  /** When the next is due, milliseconds since the epoch; `undefined` when there is none. */
  nextDue(now: number, except: readonly string[]): number | undefined;
}

/** How long the delivery that follows a flush has before the alarm tries, in milliseconds. */
export const FIRST_RETRY_MS = 10_000;
/** The least that a recipient is left alone once it has had too many: each look at it costs rows. */
export const REST_MS = 10_000;
/** The first wait after a failed delivery, about. */
export const BASE_RETRY_MS = 1_000;
/** The longest wait. */
export const MAX_RETRY_MS = 3_600_000;
/**
 * What could not be delivered for this long, and so many times, never will be. The second bound is
 * for a room that slept meanwhile, and tried once.
 */
export const GIVE_UP_MS = 24 * 3_600_000;
export const GIVE_UP_TRIES = 10;

/**
 * How long to wait after so many failed deliveries, in whole milliseconds: doubling from a second to
 * an hour, the second half of it by chance, so that what waits for a recipient that was away does
 * not all come back at once.
 *
 * @param random from 0 up to 1.
 */
export function retryDelayMs(tries: number, random: number): number {
  return Math.round(Math.min(BASE_RETRY_MS * 2 ** tries, MAX_RETRY_MS) * (0.5 + random * 0.5));
}

/** How long who is refused for it should wait, in milliseconds: inboxes are tried again meanwhile. */
const CROWDED_RETRY_MS = 60_000;

/** Why a message that tells so many people has to wait, whoever sends it: too much waits already. */
export function refuseCrowded(
  inboxes: Pick<CarrierQueue, "hasRoomFor">,
  people: number,
): Refusal | undefined {
  if (people === 0 || inboxes.hasRoomFor(people, BOUNDS.noticesWaiting)) return undefined;
  const message =
    "Too many notices of this room wait for inboxes that do not take them; wait, or mention nobody.";
  return refusal("rate_limited", message, CROWDED_RETRY_MS);
}
