import { refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { type Connection, openConnection, type Session } from "../connections/connection.ts";
import { tokenNotice } from "../connections/token-notice.ts";
import { answerFrame } from "../flush/outcome.ts";
import type { Intake } from "../intake/intake.ts";
import type { RoomCore } from "../room-core.ts";
import type { Attendance } from "./attendance.ts";
import type { Departures } from "./departures.ts";

/** The sessions of a room over time: taken back after a sleep, heard, and renewed. */
export class Sessions {
  readonly #core: RoomCore;
  readonly #intake: Intake;
  readonly #departures: Departures;
  readonly #attendance: Attendance;

  constructor(core: RoomCore, intake: Intake, departures: Departures, attendance: Attendance) {
    this.#core = core;
    this.#intake = intake;
    this.#departures = departures;
    this.#attendance = attendance;
  }

  /** Takes back a connection that outlived a hibernation. Nobody is told: nobody noticed. */
  restore(id: string, session: Session, now: number, hasEnded: boolean): void {
    const { roster, appearances, state, limits, due, feed } = this.#core;
    const connection = openConnection(id, session, limits, now);
    roster.enter(connection);
    feed.enter(connection);
    appearances.restored(connection);
    if (hasEnded) this.#attendance.endedAsleep(connection);
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

  /**
   * Takes what a new token of the same user says, after it was verified.
   *
   * @param messageId what is acked; `undefined` when the frame that brought it had none.
   */
  renew(
    connection: Connection,
    token: Pick<Session, "expiresAt" | "permissions" | "authority">,
    messageId: string | undefined,
    now: number,
  ): void {
    if (!token.permissions.includes("read")) {
      const error = refusal("access_denied", "The new token may not read here.");
      if (messageId !== undefined) this.#intake.refuse(connection, { messageId }, error, now);
      this.#departures.expel(connection, error, now);
      return;
    }
    const { sockets, due, outlet } = this.#core;
    connection.session = { ...connection.session, ...token };
    sockets.save(connection.id, connection.session);
    due.byConnection(connection, now);
    // Not with a flush, which calls for a report: of a thousand idle people somebody always renews.
    const ack = answerFrame({ messageId }, { ok: true }, now);
    const notice = tokenNotice(connection, now);
    outlet.sendNow(connection, ack === undefined ? [notice] : [notice, ack], now);
  }
}
