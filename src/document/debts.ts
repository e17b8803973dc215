import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import type { Connection, Sign } from "./connection.ts";

const { signMs, syncSignMs, unreadBytes, unreadShareBytes, unreadTotalBytes } = EDITOR_BOUNDS;

/** What a connection that was closed had not read. */
interface Lingering {
  readonly address: string;
  readonly bytes: number;
}

/**
 * What was sent and not read, which stays in the object's memory. This wire has no receipts: a peer
 * shows that it reads by its answer to what it was sent last, a sync step or a question for cursors. A
 * connection that was closed goes on counting until its socket has ended: before that the platform lets
 * go of nothing.
 */
export class Debts {
  #total = 0;
  #lingering = 0;
  readonly #closed = new Map<string, Lingering>();

  /**
   * Whether so much more may be sent; one alone is always served.
   *
   * @param isFirst whether nothing of it is for another than the one.
   */
  has(bytes: number, isFirst = true): boolean {
    return (isFirst && this.#total === 0) || this.#total + bytes <= this.#allowed;
  }

  /** Whether more is owed than all may owe together. */
  get isOver(): boolean {
    return this.#total > unreadTotalBytes;
  }

  /** So many bytes more were sent. Whether the connection is to be asked for a sign. */
  sent(connection: Connection, bytes: number): boolean {
    this.#change(connection, connection.unreadBytes + bytes);
    return connection.asked === undefined && connection.unreadBytes >= unreadShareBytes;
  }

  /** A connection was asked for a sign. */
  asked(connection: Connection, sign: Sign, now: number): void {
    connection.asked = { sign, at: now };
  }

  /** A connection said something; what it was asked for shows that it has read all before. */
  heard(connection: Connection, sign: Sign | undefined): void {
    if (connection.asked !== undefined && connection.asked.sign !== sign) return;
    connection.asked = undefined;
    this.#change(connection, 0);
  }

  /** Whether a connection owes more than anybody may. What it was sent to be in step is not counted. */
  isTooMuch({ unreadBytes: owed, asked }: Connection): boolean {
    return owed > unreadBytes && asked?.sign !== "sync";
  }

  /** A connection is gone, or about to be; when we have closed it, its socket may be there yet. */
  left(connection: Connection, wasClosed: boolean): void {
    const bytes = shareOf(connection.unreadBytes);
    this.#change(connection, 0);
    if (!wasClosed || bytes === 0) return;
    this.#closed.set(connection.id, { address: connection.editor.address, bytes });
    this.#lingering += bytes;
  }

  /** The socket of a connection has ended. */
  ended(id: string): void {
    this.#lingering -= this.#closed.get(id)?.bytes ?? 0;
    this.#closed.delete(id);
  }

  /** What each address owes with all of these connections, and with those that were closed, in bytes. */
  byAddress(connections: Iterable<Connection>): ReadonlyMap<string, number> {
    const owed = new Map<string, number>();
    const add = (address: string, bytes: number) =>
      void owed.set(address, (owed.get(address) ?? 0) + bytes);
    for (const { editor, unreadBytes: bytes } of connections) add(editor.address, shareOf(bytes));
    for (const { address, bytes } of this.#closed.values()) add(address, bytes);
    return owed;
  }

  /**
   * Those that have owed a sign for too long, the largest debtor first.
   *
   * @param isUrgent whether all others wait for them: then also of a whole document for no longer than of any.
   */
  overdue(connections: Iterable<Connection>, now: number, isUrgent = false): readonly Connection[] {
    return [...connections]
      .filter(({ asked, unreadBytes: owed }) => owed > 0 && isOverdue(asked, now, isUrgent))
      .sort((a, b) => b.unreadBytes - a.unreadBytes);
  }

  /** What lingers does not count in full, or whoever hangs on to closed sockets would have all wait. */
  get #allowed(): number {
    return Math.max(unreadTotalBytes - (this.#lingering * 3) / 4, unreadTotalBytes / 4);
  }

  /** Small debts do not count: of thousands that read, each owes a little. */
  #change(connection: Connection, bytes: number): void {
    this.#total += shareOf(bytes) - shareOf(connection.unreadBytes);
    connection.unreadBytes = bytes;
  }
}

function shareOf(bytes: number): number {
  return bytes < unreadShareBytes ? 0 : bytes;
}

function isOverdue(asked: Connection["asked"], now: number, isUrgent: boolean): boolean {
  if (asked === undefined) return false;
  const patienceMs = asked.sign === "sync" && !isUrgent ? syncSignMs : signMs;
  return Math.abs(now - asked.at) >= patienceMs;
}
