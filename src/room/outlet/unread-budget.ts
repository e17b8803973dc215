import { BOUNDS } from "../../protocol/limits.ts";
import type { MarkRule } from "../../protocol/settings.ts";
import type { Unread } from "../connections/unread.ts";

/** Whose unread bytes are counted: a connection, of which nothing else matters here. */
export interface Debtor {
  readonly id: string;
  readonly unread: Unread;
}

/**
 * The memory that a room has for what is unread, on all of its connections together. A share counts
 * from some megabytes on: a peer that reads may owe that much between two signs of it, and a
 * thousand of them would look like a debt that nobody has. A connection that was closed goes on
 * counting until its socket has ended: before that the platform lets go of nothing.
 */
export class UnreadBudget {
  #live = 0;
  #owed = 0;
  #doubted = 0;
  #lingering = 0;
  readonly #closed = new Map<string, number>();
  readonly #marks: MarkRule;

  constructor(marks: MarkRule) {
    this.#marks = marks;
  }

  /** How many bytes are too many: the largest debtors have to go until it is 0. */
  get excess(): number {
    // What lingers does not count in full, or whoever hangs on to closed sockets has all thrown out.
    return excessOf(this.#live, BOUNDS.unreadTotalBytes - (this.#lingering * 3) / 4);
  }

  /** The same of what was sent to those of whom it is not known whether they read. */
  get doubtedExcess(): number {
    if (this.#marks === "optional") return 0;
    return excessOf(this.#doubted, BOUNDS.doubtedTotalBytes - this.#lingering - this.#live);
  }

  /** Whether the answer of whoever is called back is awaited before more of that is sent. */
  get isDoubtedTooMuch(): boolean {
    return this.doubtedExcess > BOUNDS.unreadTotalBytes / 4;
  }

  /** Whether so much more may be sent to peers that have yet to show that they read. */
  has(bytes: number): boolean {
    return this.#owed + this.#lingering + bytes <= (BOUNDS.unreadTotalBytes * 3) / 4;
  }

  /** So many bytes more were sent to a connection. */
  sent({ unread }: Debtor, bytes: number, now: number): void {
    // Most are sent little, and this runs for every frame: below the least of the bounds nothing counts.
    if (this.#marks !== "at-once" && unread.unprovenBytes + bytes < BOUNDS.doubtedBytes) {
      unread.sent(bytes, now);
      return;
    }
    this.#discount(unread);
    unread.sent(bytes, now);
    this.#count(unread);
  }

  /** Changes what is known of a connection. */
  change<T>({ unread }: Debtor, act: (unread: Unread) => T): T {
    this.#discount(unread);
    const result = act(unread);
    this.#count(unread);
    return result;
  }

  /** A connection is out of the room; when the room closed it, its socket may be there yet. */
  left({ id, unread }: Debtor, wasClosed: boolean): void {
    this.#discount(unread);
    const { owed, doubted } = unread;
    const bytes = this.#marks === "optional" ? owed : Math.max(owed, doubted);
    if (!wasClosed || bytes === 0) return;
    this.#closed.set(id, bytes);
    this.#lingering += bytes;
  }

  /** A socket that the room had closed has ended. */
  ended(id: string): void {
    this.#lingering -= this.#closed.get(id) ?? 0;
    this.#closed.delete(id);
  }

  #count({ share, owed, doubted }: Unread): void {
    this.#live += share;
    this.#owed += owed;
    this.#doubted += doubted;
  }

  #discount({ share, owed, doubted }: Unread): void {
    this.#live -= share;
    this.#owed -= owed;
    this.#doubted -= doubted;
  }
}

/** What is beyond what something else has left of the budget, of which some is never taken. */
function excessOf(bytes: number, left: number): number {
  return Math.max(0, bytes - Math.max(left, BOUNDS.unreadTotalBytes / 4));
}
