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
  /** Deliveries that failed. */
  readonly tries: number;
}

/** Notices that are stored with the message that caused them, until their inboxes have them. */
export interface OutboxStore {
  /** @param due when the alarm takes over if the delivery right after the flush did not come to be. */
  add(notice: Notice, due: number): void;
  /** What is due by a time, oldest first; also what waits longer than it ever should: the clock was set back. */
  due(by: number, limit: number): readonly StoredNotice[];
  /** What no delivery was tried of yet, oldest first. */
  untried(limit: number): readonly StoredNotice[];
  remove(ids: readonly number[]): void;
  /** Counts a failed delivery. */
  postpone(id: number, due: number): void;
  /** When the next is due, milliseconds since the epoch; `undefined` when there is none. */
  nextDue(now: number): number | undefined;
}

/** How long the delivery that follows a flush has before the alarm tries, in milliseconds. */
export const FIRST_RETRY_MS = 10_000;
/** The first wait after a failed delivery, about. */
export const BASE_RETRY_MS = 1_000;
/** The longest wait. */
export const MAX_RETRY_MS = 3_600_000;

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
