import { Bundle } from "../../protocol/bundle.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { type Connection, isExpired } from "../connections/connection.ts";
import type { GuardedRoom } from "../hooks/guarded-room.ts";
import type { Parcel } from "./fan-out.ts";
import type { Outlet } from "./outlet.ts";

/**
 * Tells how the room stands to those whose clients do not follow its events: the newest state alone,
 * {@link BOUNDS.stateGapMs} apart at the least, and not to whom more would only pile up. Where nobody
 * is told so, nothing is encoded.
 */
export class StateFeed {
  readonly #special: GuardedRoom;
  readonly #outlet: Outlet;
  /** What each of them was told last, by its revision. */
  readonly #told = new Map<Connection, number>();
  /** Those who did not read and are owed it: whoever sleeps over that has to come back. */
  readonly #owed = new Set<Connection>();
  /** Milliseconds since the epoch. */
  #toldAt = Number.NEGATIVE_INFINITY;
  #revision: number | undefined;
  #isPending = false;

  constructor(special: GuardedRoom, outlet: Outlet) {
    this.#special = special;
    this.#outlet = outlet;
  }

  /** Whether there is something to tell, when it is time for it. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Whether somebody is owed the state who shows no sign of reading, and is to be looked at again. */
  get holdsBack(): boolean {
    return this.#owed.size > 0;
  }

  /** How long until it may be told again, in milliseconds. */
  delayMs(now: number): number {
    // A clock that was set back must not hold it for longer than the gap.
    return Math.min(BOUNDS.stateGapMs, Math.max(0, this.#toldAt + BOUNDS.stateGapMs - now));
  }

  /** Somebody is here, and knows how the room stands. */
  enter(connection: Connection): void {
    const { standing } = this.#special;
    if (standing === undefined) return;
    const { session } = connection;
    if (this.#special.guarded(false, () => standing.isFollowedBy(session))) return;
    if (this.#told.size === 0) this.#revision = standing.revision;
    this.#told.set(connection, standing.revision);
  }

  left(connection: Connection): void {
    this.#told.delete(connection);
    this.#owed.delete(connection);
    // Or flush would follow flush, for nobody.
    if (this.#told.size === 0) this.#isPending = false;
  }

  /** Whoever is owed something may have read by now. */
  look(now: number): void {
    for (const connection of this.#owed) {
      if (!this.#outlet.isClogged(connection, now)) this.#isPending = true;
    }
  }

  /** A flush is settled: what is to be sent behind what it tells, made as it is taken. */
  *parcels(now: number): Generator<Parcel, void, number> {
    const { standing } = this.#special;
    if (this.#told.size === 0 || standing === undefined) return;
    const { revision } = standing;
    if (revision !== this.#revision) this.#isPending = true;
    this.#revision = revision;
    if (!this.#isPending || this.delayMs(now) > 0) return;
    this.#isPending = false;
    this.#toldAt = now;
    let bundle: Bundle | undefined;
    let at = now;
    const bundled = () => new Bundle([standing.frame(now)], iso(now));
    for (const [connection, told] of [...this.#told]) {
      if (told === revision || connection.state !== "open" || isExpired(connection, at)) continue;
      if (this.#outlet.isClogged(connection, at)) {
        this.#owed.add(connection);
        this.#outlet.owes(connection, true);
        continue;
      }
      bundle ??= this.#special.guarded(undefined, bundled);
      // They are told when it has changed.
      if (bundle === undefined) return;
      for (const message of bundle.messages(connection.session.wire)) {
        at = yield { connection, message };
      }
      this.#told.set(connection, revision);
      if (this.#owed.delete(connection)) this.#outlet.owes(connection, undefined);
    }
  }
}
