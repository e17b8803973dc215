import { CLOSES, type Close, closeFor, isForGood } from "../../protocol/close.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { ASKED_ANEW } from "../../protocol/refusals.ts";
import { type Connection, endOf, isExpired } from "../connections/connection.ts";
import { silentAmong } from "../connections/silence.ts";
import { answerFrame } from "../flush/outcome.ts";
import type { Intake } from "../intake/intake.ts";
import type { Reviews } from "../intake/reviews.ts";
import type { RoomCore } from "../room-core.ts";
import { banOf } from "../store/bans.ts";
import type { Attendance } from "./attendance.ts";

/** How long a connection that gave way should stay away, in milliseconds: its user is elsewhere. */
const DISPLACED_RETRY_MS = 30_000;

const DISPLACED = refusal(
  "too_many_connections",
  "You have opened this room in too many other places; the newest of them took this one's place.",
  DISPLACED_RETRY_MS,
);

/** The ways out of a room: those that leave, those that are sent away, and those that are lost. */
export class Departures {
  readonly #core: RoomCore;
  readonly #intake: Intake;
  readonly #reviews: Pick<Reviews, "drop" | "disown">;
  readonly #attendance: Attendance;

  constructor(
    core: RoomCore,
    intake: Intake,
    reviews: Pick<Reviews, "drop" | "disown">,
    attendance: Attendance,
  ) {
    this.#core = core;
    this.#intake = intake;
    this.#reviews = reviews;
    this.#attendance = attendance;
  }

  /**
   * Takes a connection out, for whatever reason it went; the others are told.
   *
   * @param close how its socket ended, or will.
   * @param wasClosed whether the room closed it, and its socket may not have ended yet.
   */
  leave(id: string, now: number, close: Close, wasClosed = false): void {
    const { roster, appearances, outlet, feed, queue, state } = this.#core;
    const gone = roster.exit(id);
    if (gone === undefined) return;
    this.#core.ticking.leave(gone.connection, !isForGood(close), now);
    outlet.left(gone.connection, wasClosed);
    feed.left(gone.connection);
    const { session } = gone.connection;
    for (const telling of state.special.left(gone.connection, now)) {
      queue.push({ kind: "tell", ...telling });
    }
    if (gone.last) this.#attendance.departed(gone.connection, now);
    appearances.left(gone.connection);
    if (session.readUpTo !== undefined) queue.push({ kind: "save-receipts" });
  }

  /** Ends a connection for a reason, after everything it is owed. */
  expel(connection: Connection, error: Refusal, now: number, close = closeFor(error.code)): void {
    if (connection.state !== "open") return;
    this.#intake.refuse(connection, {}, error, now);
    this.#core.queue.push({ kind: "close", connectionId: connection.id, close });
    this.hush(connection, now);
  }

  /** The rule of the room's kind has said no: also to what of its person waits for a review. */
  shutOut(connection: Connection, error: Refusal, now: number): void {
    this.expel(connection, error, now, CLOSES.refusedByRule);
    this.#reviews.disown(connection.session.userId, error);
  }

  /** The rule is asked anew, about one user or all: until then nobody vouches for who is not connected. */
  doubt(userId: string | undefined): void {
    this.#reviews.disown(userId, ASKED_ANEW);
  }

  /** Hears no more of a connection that is about to be closed: nor what of it waits for a review or a tick. */
  hush(connection: Connection, now: number): void {
    connection.state = "closing";
    this.#core.ticking.hush(connection, now);
    this.#reviews.drop(connection.id);
  }

  /** Also with each flush: that nobody hears on after their token must not rest on an alarm. */
  expelExpired(now: number): void {
    for (const connection of this.#core.roster.connections.values()) {
      if (isExpired(connection, now)) this.expel(connection, endOf(connection.session, now), now);
    }
  }

  /** Ends every connection of a user, and keeps it out for a time if so wished. Returns how many there were. */
  kick(userId: string, banMs: number, now: number): number {
    const { store, roster, due } = this.#core;
    if (banMs > 0) {
      store.bans.ban(userId, now + banMs);
      due.by(now + banMs);
    }
    const theirs = roster.of(userId);
    const error =
      banOf(store.bans, userId, now) ??
      refusal("access_denied", "A moderator removed you from this room.");
    for (const connection of theirs) this.expel(connection, error, now);
    return theirs.length;
  }

  /**
   * Ends a connection for a newer one of the same user. It is told why, or it would come back at once
   * and push out the next one, in turns for ever.
   */
  displace(connection: Connection, now: number): void {
    this.#tellNow(connection, DISPLACED, now);
    this.lose(connection, CLOSES.gaveWay, now);
  }

  /** Lets go of a connection whose peer gives no sign, or has to give way: it may come back. */
  lose(connection: Connection, close: Close, now: number): void {
    const { id } = connection;
    const { sockets, ticking } = this.#core;
    // Who is called back does read, and so may one that is only slow.
    ticking.hush(connection, now);
    sockets.close(id, close);
    this.leave(id, now, close, true);
  }

  /** Lets go of those that have been silent for too long. */
  loseSilent(now: number): void {
    const { roster, sockets, limits } = this.#core;
    const open = [...roster.connections.values()].filter(({ state }) => state === "open");
    for (const connection of silentAmong(open, sockets, limits, now)) {
      this.lose(connection, CLOSES.heartbeatLost, now);
    }
  }

  /** Ends and lets go of whom a flush would, in a room whose clock goes on without one. */
  look(now: number): void {
    this.expelExpired(now);
    this.loseUnread(now);
  }

  /** Lets go of those that do not read, or may not; those whose turn for more has yet to come are looked at again. */
  loseUnread(now: number): void {
    const { roster, outlet, feed, due } = this.#core;
    feed.look(now);
    for (const connection of outlet.unread(roster.connections.values(), now)) {
      this.lose(connection, CLOSES.notReading, now);
    }
    for (const connection of outlet.recalled(roster.connections.values(), now)) {
      this.lose(connection, CLOSES.calledBack, now);
    }
    if (outlet.holdsBack || feed.holdsBack) due.by(now + BOUNDS.catchUpLookMs);
  }

  /** Ends every connection at once and tells it why. Nobody is left to hear of it. */
  closeAll(error: Refusal, close: Close, now: number): void {
    const { roster, sockets } = this.#core;
    for (const connection of [...roster.connections.values()]) {
      this.#tellNow(connection, error, now);
      sockets.close(connection.id, close);
      roster.exit(connection.id);
    }
  }

  /** The last word to a connection that is about to be closed. */
  #tellNow(connection: Connection, error: Refusal, now: number): void {
    const frame = answerFrame({}, { ok: false, error }, now);
    // Or what it missed would come first, in portions.
    connection.state = "closing";
    this.#core.ticking.hush(connection, now);
    if (frame !== undefined) this.#core.outlet.sendNow(connection, [frame], now);
  }
}
