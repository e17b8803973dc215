import { BOUNDS } from "../protocol/limits.ts";

/**
 * What a connection may not have read yet. The platform queues what a peer does not take, without a
 * bound and without saying how much [seen], so the room counts what it
 * sent since the peer last showed that it lives: a peer that stopped reading says nothing either.
 */
export interface Unread {
  /** Sent since the last sign of life that was seen, about. */
  readonly bytes: number;
  /** Count at which the peer's pings are looked at next: asking the platform costs. */
  readonly lookAt: number;
  /** When the last ping seen by then was answered, milliseconds since the epoch. */
  readonly answeredAt: number | undefined;
}

/** Nothing that could be unread. */
export const ALL_READ: Unread = { bytes: 0, lookAt: 0, answeredAt: undefined };

/** Whether it is time to look at the peer's pings, after more was sent. */
export function isLookDue({ bytes, lookAt }: Unread, limit: number): boolean {
  return bytes >= Math.max(lookAt, Math.min(BOUNDS.unreadLookBytes, limit));
}

/** After a look: everything is read again if the peer has pinged since the last one. */
export function looked(unread: Unread, answeredAt: number | undefined): Unread {
  return answeredAt === unread.answeredAt
    ? { ...unread, lookAt: unread.bytes + BOUNDS.unreadLookBytes }
    : { bytes: 0, lookAt: 0, answeredAt };
}
