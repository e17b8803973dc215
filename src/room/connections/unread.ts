import { BOUNDS } from "../../protocol/limits.ts";

/**
 * What a connection may not have read yet. The platform queues what a peer does not take, without a
 * bound and without saying how much (observed on workerd 2026-08-15), so the room counts what it
 * sent since the peer last showed that it lives: a peer that stopped reading says nothing either.
 */
export interface Unread {
  /** Approximate bytes sent since the peer last spoke or pinged. */
  readonly bytes: number;
  /** Of these, what was sent since `recentSince`: what is older has been read, or its peer is silent. */
  readonly recentBytes: number;
  /** Milliseconds since the epoch. */
  readonly recentSince: number;
  /** Count at which the peer's pings are looked at next: asking the platform costs. */
  readonly lookAt: number;
  /** When the last ping seen by then was answered, milliseconds since the epoch. */
  readonly answeredAt: number | undefined;
}

/** Whose unread bytes are counted: a connection, of which nothing else matters here. */
export interface Debtor {
  readonly id: string;
  unread: Unread;
}

/** Nothing that could be unread. */
export const ALL_READ: Unread = {
  bytes: 0,
  recentBytes: 0,
  recentSince: Number.NEGATIVE_INFINITY,
  lookAt: 0,
  answeredAt: undefined,
};

/** After so many bytes more were sent. */
export function sent(unread: Unread, bytes: number, now: number): Unread {
  const isOld = Math.abs(now - unread.recentSince) > BOUNDS.unreadWindowMs;
  return {
    bytes: unread.bytes + bytes,
    recentBytes: isOld ? bytes : unread.recentBytes + bytes,
    recentSince: isOld ? now : unread.recentSince,
    lookAt: unread.lookAt,
    answeredAt: unread.answeredAt,
  };
}

/** Whether it is time to look at the peer's pings, after more was sent. */
export function isLookDue({ bytes, lookAt }: Unread, limit: number): boolean {
  return bytes >= Math.max(lookAt, Math.min(BOUNDS.unreadLookBytes, limit));
}

/** After a look: everything is read again if the peer has pinged since the last one. */
export function looked(unread: Unread, answeredAt: number | undefined): Unread {
  return answeredAt === unread.answeredAt
    ? { ...unread, lookAt: unread.bytes + BOUNDS.unreadLookBytes }
    : { ...ALL_READ, answeredAt };
}

/**
 * The memory that a room has for what is unread, on all of its connections together. A share counts
 * from `BOUNDS.unreadShareBytes` on: a peer that reads may owe that much between two pings, and a
 * thousand of them would look like a debt that nobody has. A connection that was closed goes on
 * counting until its socket has ended: before that the platform lets go of nothing.
 */
export class UnreadBudget {
  #live = 0;
  #owed = 0;
  #lingering = 0;
  readonly #closed = new Map<string, number>();

  /** How many bytes are too many: the largest debtors have to go until it is 0. */
  get excess(): number {
    return Math.max(0, this.#live - this.#allowed);
  }

  /** Whether so much more may be sent to peers that have yet to show that they read. */
  has(bytes: number): boolean {
    return this.#owed + this.#lingering + bytes <= (BOUNDS.unreadTotalBytes * 3) / 4;
  }

  /** Puts a connection's share at what it is now. */
  set(connection: Debtor, unread: Unread): void {
    this.#live += shareOf(unread) - shareOf(connection.unread);
    this.#owed += owedOf(unread) - owedOf(connection.unread);
    connection.unread = unread;
  }

  /** A connection is out of the room; when the room closed it, its socket may be there yet. */
  left(connection: Debtor, wasClosed: boolean): void {
    const bytes = owedOf(connection.unread);
    this.#owed -= bytes;
    this.#live -= shareOf(connection.unread);
    if (!wasClosed || bytes === 0) return;
    this.#closed.set(connection.id, bytes);
    this.#lingering += bytes;
  }

  /** A socket that the room had closed has ended. */
  ended(id: string): void {
    this.#lingering -= this.#closed.get(id) ?? 0;
    this.#closed.delete(id);
  }

  /** What lingers does not count in full, or whoever hangs on to closed sockets has all thrown out. */
  get #allowed(): number {
    const { unreadTotalBytes } = BOUNDS;
    return Math.max(unreadTotalBytes - (this.#lingering * 3) / 4, unreadTotalBytes / 4);
  }
}

/** What of a connection counts towards the room's budget, in bytes. */
export function shareOf({ recentBytes }: Unread): number {
  return recentBytes >= BOUNDS.unreadShareBytes ? recentBytes : 0;
}

/** Whether a connection counts towards a crowd: not all of a crowd come to a whole share at once. */
export function owesMuch({ recentBytes }: Unread): boolean {
  return recentBytes >= BOUNDS.unreadShareBytes / 2;
}

/** What of a connection counts where nobody is closed for it, but more is to be sent, in bytes. */
function owedOf({ recentBytes }: Unread): number {
  return recentBytes >= BOUNDS.unreadLookBytes ? recentBytes : 0;
}
