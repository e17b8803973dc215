import { BOUNDS } from "../../protocol/limits.ts";
import type { Connection } from "../connections/connection.ts";
import type { UnreadBudget } from "./unread-budget.ts";

/** Those who owe the most of what is unread, when that is more than the room's budget. */
export class Debtors {
  readonly #budget: UnreadBudget;
  readonly #look: (connection: Connection) => void;
  /** When a crowd was last asked for its pings, milliseconds since the epoch. */
  #crowdLookedAt = Number.NEGATIVE_INFINITY;

  /** @param look asks when a peer last pinged; what was sent before that is read. */
  constructor(budget: UnreadBudget, look: (connection: Connection) => void) {
    this.#budget = budget;
    this.#look = look;
  }

  /** The largest, of those that are not stuck anyway, until the budget holds the rest. */
  next(
    connections: readonly Connection[],
    stuck: readonly Connection[],
    now: number,
  ): readonly Connection[] {
    const owing = connections.filter(
      (connection) => connection.unread.isMuch && !stuck.includes(connection),
    );
    const debtors = [...provenAmong(owing, now), ...this.#silentAmong(owing, now)];
    const gone = stuck.reduce((sum, { unread }) => sum + unread.share, 0);
    let excess = this.#budget.excess - gone;
    return debtors
      .sort((a, b) => b.unread.share - a.unread.share)
      .filter(({ unread }) => {
        const goes = excess > 0;
        // Closed, it goes on counting until its socket ends: what is left to the others shrinks.
        if (goes) excess -= unread.share;
        return goes;
      });
  }

  /** Those that do not answer marks, and have not pinged either. */
  #silentAmong(owing: readonly Connection[], now: number): readonly Connection[] {
    const others = owing.filter(({ unread }) => !unread.isProven);
    const isCrowd = others.length > BOUNDS.unreadDebtors;
    if (isCrowd && Math.abs(now - this.#crowdLookedAt) < BOUNDS.unreadCrowdLookMs) return [];
    for (const connection of others) this.#look(connection);
    if (!isCrowd) return others;
    // However few still owe: pings come one by one, and theirs may be on their way.
    this.#crowdLookedAt = now;
    return [];
  }
}

/** Those that answer marks; of a crowd, whose answers are on their way, those that have kept us waiting. */
function provenAmong(owing: readonly Connection[], now: number): readonly Connection[] {
  const proven = owing.filter(({ unread }) => unread.isProven);
  if (proven.length <= BOUNDS.markDebtors) return proven;
  return proven.filter(({ unread }) => unread.isOverdue(now));
}
