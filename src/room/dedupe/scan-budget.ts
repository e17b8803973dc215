import { BOUNDS } from "../../protocol/limits.ts";
import type { Stretch } from "../log/log.ts";
import { Buckets } from "../quota/buckets.ts";
import { around, lengthOf } from "./around.ts";

/** The name of everyone together. */
const ROOM = "";

/**
 * What looking for old requests in the log may cost, in rows: whoever names an old `sentAt` makes the
 * room read all that came after it. One look may cost more than there is, and is paid off before the
 * next one.
 */
export class ScanBudget {
  readonly #room = new Buckets({
    perSecond: BOUNDS.roomScanRowsPerSecond,
    burst: BOUNDS.roomScanRowsBurst,
  });
  readonly #senders = new Buckets({
    perSecond: BOUNDS.senderScanRowsPerSecond,
    burst: BOUNDS.senderScanRowsBurst,
  });

  /** Takes rows for everyone and for one sender, or from neither; how long to wait then, in milliseconds. */
  take(roomRows: number, sender: string | undefined, senderRows: number, now: number): number {
    // Whoever is in debt may still have what costs nothing.
    if (roomRows > 0) {
      const { allowed, retryAfterMs } = this.#room.try(ROOM, now, roomRows);
      if (!allowed) return retryAfterMs;
    }
    if (sender !== undefined && senderRows > 0) {
      const { allowed, retryAfterMs } = this.#senders.take(sender, now, senderRows);
      if (!allowed) return retryAfterMs;
    }
    if (roomRows > 0) this.#room.take(ROOM, now, roomRows);
    return 0;
  }
}

/** One look at the log for many requests: a row is paid for once, however many ask for it. */
export class Look {
  readonly #budget: ScanBudget;
  readonly #now: number;
  #all: Stretch | undefined;
  readonly #senders = new Map<string, Stretch>();

  constructor(budget: ScanBudget, now: number) {
    this.#budget = budget;
    this.#now = now;
  }

  /**
   * Widens the look by a stretch; how long to wait when that costs too much, in milliseconds, and 0
   * when it does not.
   *
   * @param sender who pays for `own`, the part of it that is read for its sake; nobody when absent.
   */
  waitMs(stretch: Stretch, sender: string | undefined, own: Stretch | undefined): number {
    const all = around([this.#all, stretch]);
    const before = sender === undefined ? undefined : this.#senders.get(sender);
    const theirs = own === undefined ? before : around([before, own]);
    const [rows, ownRows] = [
      lengthOf(all) - lengthOf(this.#all),
      lengthOf(theirs) - lengthOf(before),
    ];
    const waitMs = this.#budget.take(rows, sender, ownRows, this.#now);
    if (waitMs > 0) return waitMs;
    this.#all = all;
    if (sender !== undefined && theirs !== undefined) this.#senders.set(sender, theirs);
    return 0;
  }
}
