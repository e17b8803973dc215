import { CLOSES } from "../protocol/close.ts";
import type { Departures } from "./attendance/departures.ts";
import type { Closing } from "./flush/queue.ts";
import type { Settled } from "./flush/settled.ts";
import { fanOut, type Parcel } from "./outlet/fan-out.ts";
import type { RoomCore } from "./room-core.ts";

/** What a flush tells, on its way to the connections in portions; then the closes that it brought. */
export class Broadcast {
  readonly #core: RoomCore;
  readonly #departures: Departures;
  /** Who is to be closed once the flush under way is told. */
  #closings: readonly Closing[] = [];

  constructor(core: RoomCore, departures: Departures) {
    this.#core = core;
    this.#departures = departures;
  }

  /** Whether a flush is told in part, and {@link proceed} tells more of it. */
  get isTelling(): boolean {
    return this.#core.outlet.isSending;
  }

  /** Takes over what a flush tells; {@link proceed} sends it. */
  take({ outgoing, closings }: Pick<Settled, "outgoing" | "closings">, now: number): void {
    const { roster, outlet, feed, state } = this.#core;
    // What they still say while the others are told is not heard.
    for (const { connectionId } of closings) {
      const connection = roster.open(connectionId);
      if (connection !== undefined) this.#departures.hush(connection, now);
    }
    const told = fanOut([...roster.connections.values()], outgoing, now, state.kind.answersFirst);
    outlet.take(inOrder(told, feed.parcels(now)));
    this.#closings = closings;
  }

  /** Leaves untold and undone whatever is yet to come of a flush. */
  drop(): void {
    this.#core.outlet.drop();
    this.#closings = [];
  }

  /** Sends one portion, and closes what is to be closed after the last; what made it fail, if it did. */
  proceed(now: number): readonly unknown[] {
    const { roster, outlet, sockets } = this.#core;
    const failures: unknown[] = [];
    try {
      outlet.proceed(now);
    } catch (failure) {
      failures.push(failure);
      // Whoever was not told yet would go on as if nothing were missing: all come back, and resume.
      this.#closings = [...roster.connections.keys()].map((connectionId) => ({
        connectionId,
        close: CLOSES.failed,
      }));
    }
    if (this.isTelling) return failures;
    for (const { connectionId, close } of this.#closings) {
      sockets.close(connectionId, close);
      this.#departures.leave(connectionId, now, close, true);
    }
    this.#closings = [];
    return failures;
  }
}

function* inOrder(...all: readonly Generator<Parcel, void, number>[]) {
  for (const parcels of all) yield* parcels;
}
