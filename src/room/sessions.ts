import { refusal } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { type Connection, openConnection, type Session } from "./connection.ts";
import type { Departures } from "./departures.ts";
import type { RoomCore } from "./room-core.ts";
import { tokenNotice } from "./token-notice.ts";

/** The sessions of a room over time: taken back after a sleep, heard, and renewed. */
export class Sessions {
  readonly #core: RoomCore;
  readonly #departures: Departures;

  constructor(core: RoomCore, departures: Departures) {
    this.#core = core;
    this.#departures = departures;
  }

  /** Takes back a connection that outlived a hibernation. Nobody is told: nobody noticed. */
  restore(id: string, session: Session, now: number): void {
    const { roster, state, limits, due } = this.#core;
    const connection = openConnection(id, session, limits, now);
    roster.enter(connection);
    const { userId, readUpTo } = session;
    if (readUpTo !== undefined) state.receipts.advance(userId, readUpTo);
    due.byConnection(connection, now);
  }

  /** A peer said something, whatever it is. */
  heard(connection: Connection, bytes: number, now: number): void {
    const { counters, outlet, sockets } = this.#core;
    counters.heard(bytes);
    connection.lastFrameAt = now;
    outlet.heard(connection);
    const { id, session } = connection;
    const keptAt = session.heardAt ?? session.connectedAt;
    // Of the others the platform keeps when they last pinged.
    if (session.wire !== "plain" || now - keptAt < BOUNDS.heardKeptMs) return;
    connection.session = { ...session, heardAt: now };
    sockets.save(id, connection.session);
  }

  /** Takes what a new token of the same user says, after it was verified. */
  renew(
    connection: Connection,
    token: Pick<Session, "expiresAt" | "permissions">,
    now: number,
  ): void {
    if (!token.permissions.includes("read")) {
      const error = refusal("access_denied", "The new token may not read here.");
      this.#departures.expel(connection, error, now);
      return;
    }
    const { sockets, due, outlet } = this.#core;
    connection.session = { ...connection.session, ...token };
    sockets.save(connection.id, connection.session);
    due.byConnection(connection, now);
    // Not with a flush, which calls for a report: of a thousand idle people somebody always renews.
    outlet.sendNow(connection, [tokenNotice(connection, now)], now);
  }
}
