import type { Occupancy } from "./attendance/occupancy.ts";
import type { Broadcast } from "./broadcast.ts";
import { flushDelayMs, gapOf } from "./flush/flush-pace.ts";
import type { RoomCore } from "./room-core.ts";

/** What may be told, or kept, a little later than all else. */
interface Later {
  /** Whether there is something of it. */
  readonly isPending: boolean;
  /** How long that waits, in milliseconds. */
  delayMs(now: number): number;
}

/** Whether a room has something to do, and how long that waits. Every `now` is milliseconds since the epoch. */
export class Pace {
  readonly #core: RoomCore;
  readonly #later: readonly Later[];
  readonly #broadcast: Pick<Broadcast, "isTelling">;
  readonly #occupancy: Pick<Occupancy, "isOwed">;
  #settledAt = Number.NEGATIVE_INFINITY;

  constructor(
    core: RoomCore,
    conflator: Later,
    broadcast: Pick<Broadcast, "isTelling">,
    occupancy: Pick<Occupancy, "isOwed">,
  ) {
    this.#core = core;
    this.#later = [core.feed, core.appearances, conflator];
    this.#broadcast = broadcast;
    this.#occupancy = occupancy;
  }

  /** When something was last settled; `-Infinity` before that. */
  get settledAt(): number {
    return this.#settledAt;
  }

  /** What waited is settled now. */
  settled(now: number): void {
    this.#settledAt = now;
  }

  /** Whether a flush is due, because something waits for it or is yet to be told, or the clock is. */
  get hasWork(): boolean {
    return this.#isWaiting || this.#core.ticking.dueAt !== undefined;
  }

  /** Whether what waits is to be settled now. */
  isSettlingDue(now: number): boolean {
    return this.#isWaiting && this.#settleDelayMs(now) === 0;
  }

  /** How long the due flush waits, in milliseconds. */
  delayMs(now: number): number {
    const { dueAt } = this.#core.ticking;
    if (dueAt === undefined) return this.#settleDelayMs(now);
    // A timer is of whole milliseconds, and one that is early would be set again and again.
    const tickMs = Math.max(0, Math.ceil(dueAt - now));
    return this.#isWaiting ? Math.min(this.#settleDelayMs(now), tickMs) : tickMs;
  }

  /** Whether something waits, the clock aside. */
  get #isWaiting(): boolean {
    return this.#isUrgent || this.#later.some(({ isPending }) => isPending);
  }

  /** Whether what waits is more than may come a little later. */
  get #isUrgent(): boolean {
    const { queue, outlet, failures } = this.#core;
    if (this.#broadcast.isTelling || this.#occupancy.isOwed) return true;
    return queue.length > 0 || outlet.mayCatchUp || failures.length > 0;
  }

  #settleDelayMs(now: number): number {
    if (this.#broadcast.isTelling) return 0;
    const { limits, state, roster } = this.#core;
    const gapMs = gapOf(roster.connections.size, state.kind.gapMs, limits.flushGapMs);
    const delayMs = flushDelayMs(gapMs, this.#settledAt, now);
    if (this.#isUrgent) return delayMs;
    const pending = this.#later.filter(({ isPending }) => isPending);
    const laterMs = pending.length === 0 ? 0 : Math.min(...pending.map((one) => one.delayMs(now)));
    return Math.max(delayMs, laterMs);
  }
}
