import { CLOSES, type Close } from "../protocol/close.ts";
import type { Refusal } from "../protocol/error.ts";
import type { PresentUser } from "../protocol/message.ts";
import { Attendance } from "./attendance/attendance.ts";
import { Authorities } from "./attendance/authorities.ts";
import { Departures } from "./attendance/departures.ts";
import { Lobby } from "./attendance/lobby.ts";
import { Occupancy } from "./attendance/occupancy.ts";
import { Sessions } from "./attendance/sessions.ts";
import { Broadcast } from "./broadcast.ts";
import type { Connection, Session } from "./connections/connection.ts";
import type { Entrance } from "./connections/entrance.ts";
import type { Counters } from "./counting/counters.ts";
import type { Submission } from "./flush/queue.ts";
import { settle } from "./flush/settle.ts";
import { type Flushed, NOTHING_FLUSHED } from "./flush/settled.ts";
import type { Asking } from "./frame.ts";
import type { Telling } from "./hooks/effect.ts";
import type { GuardedRoom } from "./hooks/guarded-room.ts";
import type { RoomKind } from "./hooks/kind.ts";
import { Conflator } from "./intake/conflator.ts";
import { Intake } from "./intake/intake.ts";
import { Reviews } from "./intake/reviews.ts";
import { hasRetention } from "./log/retention.ts";
import { Pace } from "./pace.ts";
import type { RoomPorts } from "./ports.ts";
import type { RequestQuota } from "./quota/request-quota.ts";
import { openCore, type RoomCore } from "./room-core.ts";
import type { StoredDeadLetter } from "./store/dead-letters.ts";
import { livesUntil } from "./upkeep/lifetime.ts";
import { resend } from "./upkeep/resending.ts";
import { followClockBack, keepReceipts, trim } from "./upkeep/upkeep.ts";

/**
 * One room: its connections, and the queue that the next flush settles. It knows no platform, no
 * clock and no timer: its owner calls {@link flush} and {@link sweep} when they are due.
 * Every `now` is milliseconds since the epoch.
 */
export class Room {
  /** What everyone may ask over HTTP. */
  readonly requests: RequestQuota;
  /** What happens here, counted. */
  readonly counters: Counters;
  /** What is special to it, by its kind. */
  readonly special: GuardedRoom;
  readonly #core: RoomCore;
  readonly #intake: Intake;
  readonly #reviews: Reviews;
  /** Where what only the newest counts of waits for its turn. */
  readonly conflator: Conflator;
  readonly #departures: Departures;
  readonly #sessions: Sessions;
  /** By what people are here, where the room's kind has a rule on that. */
  readonly authorities: Authorities;
  readonly #lobby: Lobby;
  readonly #broadcast: Broadcast;
  readonly #occupancy: Occupancy;
  readonly #pace: Pace;

  constructor(name: string, kind: RoomKind, ports: RoomPorts) {
    this.#core = openCore(name, kind, ports);
    this.requests = this.#core.requests;
    this.counters = this.#core.counters;
    this.special = this.#core.state.special;
    this.#intake = new Intake(this.#core);
    this.#reviews = new Reviews(this.#core, this.#intake);
    this.conflator = new Conflator(this.#core, this.#reviews);
    this.#occupancy = new Occupancy(this.#core);
    const attendance = new Attendance(this.#core, this.#occupancy);
    this.#departures = new Departures(this.#core, this.#intake, this.#reviews, attendance);
    this.#sessions = new Sessions(this.#core, this.#intake, this.#departures, attendance);
    this.authorities = new Authorities(this.#core, this.#intake, this.#departures, this.#sessions);
    this.#lobby = new Lobby(this.#core, this.#departures, attendance);
    this.#broadcast = new Broadcast(this.#core, this.#departures);
    this.#pace = new Pace(this.#core, this.conflator, this.#broadcast, this.#occupancy);
  }

  /** Whether a flush is due. */
  get hasWork(): boolean {
    return this.#pace.hasWork;
  }

  /** Whether a flush is told in part, and the next call tells more of it. */
  get isTelling(): boolean {
    return this.#broadcast.isTelling;
  }

  /** When {@link sweep} must run next; `undefined` when nothing will ever be due. */
  get wakeAt(): number | undefined {
    return this.#core.due.at;
  }

  /** Takes over what an earlier life of the room had to wake for, whatever that was. */
  inherit(wakeAt: number | undefined): void {
    this.#core.due.by(wakeAt);
  }

  /** Whether nobody is here and nothing is left that is worth keeping: then the room may vanish. */
  isOver(now: number): boolean {
    if (this.connections > 0 || this.hasWork || !this.#reviews.isIdle) return false;
    return !this.#core.ticking.isWaiting(now) && this.isBlank(now);
  }

  /** Whether nothing is stored that is worth keeping, whoever is here. */
  isBlank(now: number): boolean {
    return this.#livesUntil(now) <= now;
  }

  /** Open connections, those included that are about to be closed. */
  get connections(): number {
    return this.#core.roster.connections.size;
  }

  /** Everyone present. */
  get users(): readonly PresentUser[] {
    return this.#core.roster.users();
  }

  /** Who is shown to others; of some kinds nobody is. */
  get shownUsers(): readonly PresentUser[] {
    return this.#core.roster.shown();
  }

  /** A live connection; `undefined` once it is closed or closing. */
  connection(id: string): Connection | undefined {
    return this.#core.roster.open(id);
  }

  /** How long the due flush waits, in milliseconds. */
  flushDelayMs(now: number): number {
    return this.#pace.delayMs(now);
  }

  /** Takes back a connection that outlived a hibernation. Nobody is told: nobody noticed. */
  restore(id: string, session: Session, now: number, hasEnded = false): void {
    this.#sessions.restore(id, session, now, hasEnded);
  }

  /** Counts a try to come in; why the session may not, `undefined` when it may. */
  refuses(session: Session, now: number): Refusal | undefined {
    return this.#lobby.refuses(session, now);
  }

  /** Lets a session in: it is told where the room stands and what it missed, the others that it came. */
  join(entrance: Entrance, now: number): void {
    this.#lobby.join(entrance, now);
  }

  /** A peer said something, whatever it is. */
  heard(connection: Connection, bytes: number, now: number): void {
    this.#sessions.heard(connection, bytes, now);
  }

  /** A peer answered a mark; false when it is not the one that is waited for. */
  marked(connection: Connection, id: string, now: number): boolean {
    const isAnswer = this.#core.outlet.marked(connection, id);
    if (isAnswer) this.#core.feed.look(now);
    return isAnswer;
  }

  /** The socket of a connection that the room had closed has ended. */
  socketEnded(id: string): void {
    this.#core.outlet.ended(id);
  }

  /**
   * Queues a checked frame for the next flush, after its review where its kind has one. What is for the
   * clock of its kind is heard at once, and of what only the newest counts of, that has its turn.
   */
  submit(submission: Submission): void {
    if (!this.#core.ticking.takes(submission)) this.conflator.submit(submission);
  }

  /** Tells one connection why something was refused, with the flush. */
  refuse(connection: Connection, asking: Asking, error: Refusal, now: number): void {
    this.#intake.refuse(connection, asking, error, now);
  }

  /** Notes that a kind's code has failed, for the next flush to tell the owner; who asked is answered. */
  failed(failure: unknown): void {
    this.#core.counters.failed(failure);
    this.#core.failures.push(failure);
  }

  /** Queues a frame that needs no decision. */
  tell(telling: Telling): void {
    this.#core.queue.push({ kind: "tell", ...telling });
  }

  /** Ends a connection for a reason, after everything it is owed. */
  expel(connection: Connection, error: Refusal, now: number): void {
    this.#departures.expel(connection, error, now);
  }

  /** Ends every connection of a user, and keeps it out for a time if so wished. Returns how many there were. */
  kick(userId: string, banMs: number, now: number): number {
    return this.#departures.kick(userId, banMs, now);
  }

  /** Takes what a new token of the same user says, after it was verified. */
  renew(...renewal: Parameters<Sessions["renew"]>): void {
    this.#sessions.renew(...renewal);
  }

  /** So many deliveries were given up, which is kept for a time: only a sweep finds the end of it. */
  buried(deliveries: number, dropped: number, now: number): void {
    this.counters.buried(deliveries, dropped);
    this.#core.due.bySweep(now);
  }

  /** Has what was given up brought again, whole or not at all; what that was. See {@link resend}. */
  resend(letters: readonly StoredDeadLetter[], now: number): readonly StoredDeadLetter[] {
    return resend(letters, this.#core, now);
  }

  /** Takes a connection out whose socket has ended; the others are told. */
  leave(id: string, now: number, close: Close = CLOSES.socketError): void {
    this.#departures.leave(id, now, close);
  }

  /** Ends every connection, for the room ends: what waits is settled, and not told. Returns what that did. */
  end(error: Refusal, close: Close, now: number): Flushed {
    this.#broadcast.drop();
    const flushed = this.#settle(now);
    this.#reviews.end(error);
    this.#broadcast.drop();
    this.#departures.closeAll(error, close, now);
    this.#occupancy.end();
    this.#core.queue.drain();
    return flushed;
  }

  /** Does what the clock has due; then settles the queue, unless it has to wait for longer. */
  flush(now: number): Flushed {
    const ticked = this.#core.ticking.tick(now);
    if (ticked && this.#core.ticking.isLookDue(now)) this.#departures.look(now);
    return ticked && !this.#pace.isSettlingDue(now) ? NOTHING_FLUSHED : this.#settle(now);
  }

  /** Settles the queue and tells what came of it; a call may tell a portion, and the next ones the rest. */
  #settle(now: number): Flushed {
    const { queue, state, sockets, limits, due, outlet, counters, failures } = this.#core;
    this.#departures.expelExpired(now);
    outlet.catchUp(now);
    if (this.isTelling) return { deliveries: 0, audits: [], failures: this.#tell(now) };
    this.#occupancy.note(now);
    this.conflator.release(now);
    const batch = queue.drain();
    if (now < this.#pace.settledAt) {
      due.bySweep(now);
      followClockBack(state.connections.values(), now);
    }
    this.#pace.settled(now);
    const settled = settle(batch, state, now);
    this.#reviews.flushed();
    if (keepReceipts(state, sockets)) due.bySweep(now);
    counters.settled(batch.items.length, settled);
    for (const answer of settled.answers) answer();
    state.requests.expire(now);
    if (settled.appended > 0 && hasRetention(limits)) due.bySweep(now);
    this.#occupancy.noted(now);
    this.#core.appearances.save(now);
    due.by(state.special.wakeAt());
    this.#broadcast.take(settled, now);
    const { deliveries, audits, failure } = settled;
    const failed = [...failures.splice(0), ...(failure === undefined ? [] : [failure])];
    return { deliveries, audits, failures: [...failed, ...this.#tell(now)] };
  }

  /** Ends what is expired or silent, writes receipts, trims what need not last, and sets the next wake. */
  sweep(now: number): void {
    const { queue, state, limits, due, outlet } = this.#core;
    this.#departures.expelExpired(now);
    this.#departures.loseSilent(now);
    if (state.receipts.hasUnsaved) queue.push({ kind: "save-receipts" });
    due.clear();
    due.by(trim(state, limits, now));
    due.by(state.special.wakeAt());
    this.#intake.takeDue(now);
    for (const connection of state.connections.values()) {
      if (connection.state === "open") due.byConnection(connection, now);
    }
    if (this.connections === 0) due.by(this.#livesUntil(now));
    outlet.catchUp(now);
    this.#departures.loseUnread(now);
    this.#occupancy.sweep();
  }

  #livesUntil(now: number): number {
    if (this.#occupancy.isMarked) return Number.POSITIVE_INFINITY;
    return livesUntil(this.#core.state, this.#core.limits, now);
  }

  #tell(now: number): Flushed["failures"] {
    const failures = this.#broadcast.proceed(now);
    this.#departures.loseUnread(now);
    return failures;
  }
}
