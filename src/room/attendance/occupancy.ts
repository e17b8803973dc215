import { SYSTEM } from "../actor.ts";
import { momentOf } from "../presence/moment.ts";
import type { RoomCore } from "../room-core.ts";

/**
 * Whether somebody is in the room, or was when this was last looked at, for kinds that are asked when
 * nobody is left. The flush with the first person stores a mark, and the one without anybody takes it
 * away, so that what a crash has emptied is noticed by a later life. Of other kinds nothing is stored.
 */
export class Occupancy {
  readonly #core: Pick<RoomCore, "roster" | "queue" | "store" | "state" | "due">;
  /** Whether the mark is stored; not known once a flush was to change it. */
  #isMarked: boolean | undefined;
  /** Whether somebody was here whose going the kind was not asked about yet. */
  #wasOccupied = false;

  constructor(core: Pick<RoomCore, "roster" | "queue" | "store" | "state" | "due">) {
    this.#core = core;
  }

  /** Whether storage says that somebody is here; it may be too late for that. */
  get isMarked(): boolean {
    if (this.#core.state.special.moments.empty === undefined) return false;
    this.#isMarked ??= this.#core.store.occupancy.isMarked;
    return this.#isMarked;
  }

  /** Whether the next flush is to say that nobody is left. */
  get isOwed(): boolean {
    return this.#wasOccupied && !this.#core.roster.hasPeople;
  }

  /** Somebody is here, or has just left. */
  entered(): void {
    this.#wasOccupied = this.#core.state.special.moments.empty !== undefined;
  }

  /** A flush begins: queues what it is to note. */
  note(now: number): void {
    const { roster, queue, state } = this.#core;
    const { empty } = state.special.moments;
    if (empty === undefined) return;
    if (roster.hasPeople) {
      if (!this.isMarked) this.#mark(true);
    } else if (this.#wasOccupied) {
      this.#wasOccupied = false;
      queue.push(momentOf(empty, SYSTEM, now));
      if (this.isMarked) this.#mark(false);
    }
  }

  /** A flush has ended: a mark that it could not take away is looked at again. */
  noted(now: number): void {
    const { roster, due } = this.#core;
    if (!roster.hasPeople && this.isMarked) due.bySweep(now);
  }

  /** Nobody is here now of those who were before a crash. */
  sweep(): void {
    if (!this.#core.roster.hasPeople && this.isMarked) this.#wasOccupied = true;
  }

  /** The room ends, and nobody is asked any more. */
  end(): void {
    this.#wasOccupied = false;
  }

  #mark(isOccupied: boolean): void {
    this.#core.queue.push({ kind: "occupancy", isOccupied });
    this.#isMarked = undefined;
  }
}
