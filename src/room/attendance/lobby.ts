import type { Refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { refuseWithout } from "../../protocol/permission.ts";
import { REQUEST_FAILED } from "../../protocol/refusals.ts";
import { type Connection, endOf, openConnection, type Session } from "../connections/connection.ts";
import type { Entrance } from "../connections/entrance.ts";
import { originOf } from "../connections/origin.ts";
import { longestSilent } from "../connections/silence.ts";
import { CatchUp } from "../log/catch-up.ts";
import { resumptionOf } from "../log/resume.ts";
import { JoinQuota } from "../quota/join-quota.ts";
import type { RoomCore } from "../room-core.ts";
import { banOf } from "../store/bans.ts";
import type { Attendance } from "./attendance.ts";
import { youOf } from "./authorities.ts";
import type { Departures } from "./departures.ts";
import { greet } from "./greeting.ts";

/** The way into a room: who is refused, who gives way, and how newcomers are greeted. */
export class Lobby {
  readonly #core: RoomCore;
  readonly #departures: Departures;
  readonly #attendance: Attendance;
  readonly #joins: JoinQuota;

  constructor(core: RoomCore, departures: Departures, attendance: Attendance) {
    this.#core = core;
    this.#departures = departures;
    this.#attendance = attendance;
    this.#joins = new JoinQuota(core.limits, core.requests);
  }

  /** Counts a try to come in; why the session may not, `undefined` when it may. */
  refuses(session: Session, now: number): Refusal | undefined {
    const { store, roster, limits } = this.#core;
    return (
      (session.expiresAt <= now ? endOf(session, now) : undefined) ??
      refuseWithout(["read"], session) ??
      (session.backend === true ? undefined : banOf(store.bans, session.userId, now)) ??
      this.#joins.refuses(session, now) ??
      roster.tooMany(session, limits.connectionsPerIp, this.#givesWayTo(session, now))
    );
  }

  /** Lets a session in: it is told where the room stands and what it missed, the others that it came. */
  join({ id, session, cursor, history }: Entrance, now: number): void {
    const { limits, roster, queue, due, counters, failures } = this.#core;
    const connection = openConnection(id, session, limits, now);
    const givesWay = this.#givesWayTo(session, now);
    if (roster.enter(connection)) this.#attendance.arrived(connection, now);
    if (givesWay !== undefined) this.#departures.displace(givesWay, now);
    counters.connected(session.via ?? session.transport, roster.connections.size);
    connection.joinedAt = queue.next;
    this.#core.ticking.enter(connection, now);
    due.byConnection(connection, now);
    try {
      this.#welcome(connection, { cursor, history }, now);
    } catch (failure) {
      failures.push(failure);
      this.#departures.expel(connection, REQUEST_FAILED, now);
    }
  }

  /** Tells a newcomer where the room stands and what it missed. */
  #welcome(
    connection: Connection,
    { cursor, history }: Pick<Entrance, "cursor" | "history">,
    now: number,
  ): void {
    const { store, limits, state, roster, outlet, feed } = this.#core;
    const { id, session } = connection;
    // A poll takes one page of it, however much there is.
    const inPages = session.transport === "poll";
    const { recovered, missed } =
      state.special.resume(cursor, inPages) ??
      resumptionOf(store.log, cursor, limits.resumeEvents, inPages);
    const { userId } = session;
    const you = youOf(session);
    const origin = session.echo === true ? originOf(id) : undefined;
    const users = roster.shown(BOUNDS.usersOnJoin);
    const after = missed?.after ?? store.log.head;
    const greeting = greet(
      { connectionId: id, userId, you, origin, recovered, after, history, users },
      state,
      limits,
      now,
    );
    // On its own, so that it is the first frame whatever a reader makes of a batch.
    outlet.sendNow(connection, [greeting], now);
    feed.enter(connection);
    if (missed === undefined) return;
    outlet.resume(connection, new CatchUp(store.log, missed, state.failed), now);
  }

  /** The user's own longest-silent connection, when one more would be too many. */
  #givesWayTo({ userId, backend, transport }: Session, now: number): Connection | undefined {
    const { limits, sockets, roster } = this.#core;
    const most = limits.connectionsPerUser;
    // A poll is counted as the request that it is.
    if (backend === true || transport === "poll" || most === 0) return undefined;
    const theirs = roster.of(userId).filter(({ session }) => session.transport !== "poll");
    return theirs.length < most ? undefined : longestSilent(theirs, sockets, now);
  }
}
