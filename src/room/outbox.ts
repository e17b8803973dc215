import { type Refusal, refusal } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { NotificationContent } from "../protocol/notification.ts";

/** A notification on its way to somebody's inbox. */
export interface Notice {
  readonly recipient: string;
  /** `seq` of the message it is about. */
  readonly source: number;
  /** Names it at the inbox, so that delivering it again stores nothing. */
  readonly key: string;
  readonly content: NotificationContent;
}

/** A notice in storage. */
export interface StoredNotice extends Notice {
  readonly id: number;
  /** Visits of its recipient that failed since the last that did not; to be put off counts as one. */
  readonly tries: number;
  /** When it was stored, milliseconds since the epoch. */
  readonly at: number;
}

/** Which notices are read to be brought at once. */
export interface Round {
  readonly now: number;
  /** Recipients who are left out: somebody is on the way to them, or they rest after a failure. */
  readonly except: readonly string[];
  /** At most so many recipients, and so many notices for each. */
  readonly recipients: number;
  readonly each: number;
}

/** Recipients who rest after a failure, and until when, milliseconds since the epoch. */
export type Resting = ReadonlyMap<string, number>;

/** Notices that are stored with the message that caused them, until their inboxes have them. */
export interface OutboxStore {
  /**
   * Stores a notice. The alarm takes over {@link FIRST_RETRY_MS} after `at` if the delivery right
   * after the flush did not come to be.
   */
  add(notice: Notice, at: number): void;
  /**
   * What was never tried and what is due, oldest first for each recipient; also what waits longer than it ever should:
   * the clock was set back.
   */
  waiting(round: Round): readonly StoredNotice[];
  remove(ids: readonly number[]): void;
  /** Counts a failed visit to a recipient, and lets what waits for them wait longer. */
  postpone(recipient: string, due: number): void;
  /** Lets what waits for a recipient, whose inbox put some of it off, wait for it. */
  defer(recipient: string, due: number): void;
  /** A recipient was reached, so earlier failures count no more. */
  reached(recipient: string): void;
  /** Whether so many more may wait, where there may be so many in all. */
  hasRoomFor(more: number, most: number): boolean;
  /** Takes out what will never be delivered, and keeps it aside. */
  bury(ids: readonly number[]): void;
  /** What waits for a recipient beyond the oldest so many. */
  beyond(recipient: string, kept: number): readonly number[];
  /** Who rests, by what an earlier life of the room postponed. */
  resting(now: number): Resting;
  /** When the next is due, milliseconds since the epoch; `undefined` when there is none. */
  nextDue(now: number, except: readonly string[]): number | undefined;
}

/** How long the delivery that follows a flush has before the alarm tries, in milliseconds. */
export const FIRST_RETRY_MS = 10_000;
/** The least that an inbox is left alone once it has had too many: each look at it costs rows. */
export const REST_MS = 10_000;
/** The first wait after a failed delivery, about. */
export const BASE_RETRY_MS = 1_000;
/** The longest wait. */
export const MAX_RETRY_MS = 3_600_000;
/**
 * A notice that could not be delivered for this long, and so many times, never will be: as long as
 * webhooks are tried. The second bound is for a room that slept meanwhile, and tried once.
 */
export const GIVE_UP_MS = 24 * 3_600_000;
export const GIVE_UP_TRIES = 10;
/** Notices that may wait for one inbox that takes none: nobody reads that many afterwards. */
export const WAITING_PER_INBOX = 1_000;

/**
 * How long to wait after so many failed deliveries, in whole milliseconds: doubling from a second to
 * an hour, the second half of it by chance, so that notices for an inbox that was away do not all
 * come back at once.
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
  outbox: Pick<OutboxStore, "hasRoomFor">,
  people: number,
): Refusal | undefined {
  if (people === 0 || outbox.hasRoomFor(people, BOUNDS.noticesWaiting)) return undefined;
  const message =
    "Too many mentions and replies of this room wait for inboxes that do not take them; wait, or mention nobody.";
  return refusal("rate_limited", message, CROWDED_RETRY_MS);
}
