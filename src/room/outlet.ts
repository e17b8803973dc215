import { Bundle, type WireMessage } from "../protocol/bundle.ts";
import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import { iso } from "../protocol/iso.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { type Connection, isSilent } from "./connection.ts";
import type { Counters } from "./counters.ts";
import type { RoomSockets } from "./sockets.ts";
import { isLookDue, looked } from "./unread.ts";

/** The way out to connections: what goes through it is counted, and who does not read is found. */
export class Outlet {
  readonly #sockets: RoomSockets;
  readonly #counters: Counters;
  readonly #limits: RoomLimits;

  constructor(sockets: RoomSockets, counters: Counters, limits: RoomLimits) {
    this.#sockets = sockets;
    this.#counters = counters;
    this.#limits = limits;
  }

  /** Sends one message as it goes over the wire. */
  send(connection: Connection, message: WireMessage): void {
    this.#sockets.send(connection.id, message);
    this.#counters.sent(message);
    const { unread } = connection;
    connection.unread = { ...unread, bytes: unread.bytes + message.length };
  }

  /** Sends frames to one connection, without waiting for a flush. */
  sendNow(connection: Connection, frames: readonly EncodedFrame[], now: number): void {
    for (const message of new Bundle(frames, iso(now)).messages(connection.session.wire)) {
      this.send(connection, message);
    }
  }

  /** The connections that do not read: what they are owed would stay in memory. */
  unread(connections: Iterable<Connection>, now: number): readonly Connection[] {
    const { unreadBytes, heartbeatMs } = this.#limits;
    return [...connections].filter((connection) => {
      if (!isLookDue(connection.unread, unreadBytes)) return false;
      const answeredAt = this.#sockets.answeredAt(connection.id);
      connection.unread = looked(connection.unread, answeredAt);
      return (
        connection.unread.bytes >= unreadBytes || isSilent(connection, answeredAt, heartbeatMs, now)
      );
    });
  }
}
