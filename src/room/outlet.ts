import { Bundle, type WireMessage } from "../protocol/bundle.ts";
import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import { iso } from "../protocol/iso.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Connection } from "./connection.ts";
import type { Counters } from "./counters.ts";
import type { Parcel } from "./fan-out.ts";
import { isSilent } from "./silence.ts";
import type { RoomSockets } from "./sockets.ts";
import { isLookDue, looked } from "./unread.ts";

/**
 * The way out to connections: a flush goes through it in portions, what goes through it is counted,
 * and who does not read is found.
 */
export class Outlet {
  readonly #sockets: RoomSockets;
  readonly #counters: Counters;
  readonly #limits: RoomLimits;
  #parcels: Iterator<Parcel, void, number> | undefined;

  constructor(sockets: RoomSockets, counters: Counters, limits: RoomLimits) {
    this.#sockets = sockets;
    this.#counters = counters;
    this.#limits = limits;
  }

  /** Whether {@link proceed} is to be called again. */
  get isSending(): boolean {
    return this.#parcels !== undefined;
  }

  /** Takes over what a flush tells, once nothing {@link isSending}; {@link proceed} sends it. */
  take(parcels: Iterator<Parcel, void, number>): void {
    this.#parcels = parcels;
  }

  /** Leaves untold what is yet to be sent of a flush. */
  drop(): void {
    this.#parcels = undefined;
  }

  /** Sends one portion of it. What cannot be packed throws, and nothing more is sent of that flush. */
  proceed(now: number): void {
    const parcels = this.#parcels;
    this.#parcels = undefined;
    let sends = 0;
    let units = 0;
    while (sends < BOUNDS.portionSends && units < BOUNDS.portionUnits) {
      const next = parcels?.next(now);
      if (next === undefined || next.done) {
        this.#counters.told();
        return;
      }
      const { connection, message } = next.value;
      if (connection.state === "closed") continue;
      this.#send(connection, message);
      sends += 1;
      units += message.length;
    }
    this.#parcels = parcels;
  }

  /** Sends frames to one connection, without waiting for a flush. */
  sendNow(connection: Connection, frames: readonly EncodedFrame[], now: number): void {
    for (const message of new Bundle(frames, iso(now)).messages(connection.session.wire)) {
      this.#send(connection, message);
    }
  }

  /** The connections that do not read: what they are owed would stay in memory. */
  unread(connections: Iterable<Connection>, now: number): readonly Connection[] {
    const { unreadBytes } = this.#limits;
    return [...connections].filter((connection) => {
      if (!isLookDue(connection.unread, unreadBytes)) return false;
      const answeredAt = this.#sockets.answeredAt(connection.id);
      connection.unread = looked(connection.unread, answeredAt);
      return (
        connection.unread.bytes >= unreadBytes ||
        isSilent(connection, answeredAt, this.#limits, now)
      );
    });
  }

  #send(connection: Connection, message: WireMessage): void {
    this.#sockets.send(connection.id, message);
    this.#counters.sent(message);
    const { unread } = connection;
    connection.unread = { ...unread, bytes: unread.bytes + message.length };
  }
}
