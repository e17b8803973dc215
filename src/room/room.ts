import { CLOSE_CODES, closeCodeFor } from "../protocol/close-code.ts";
import { type Refusal, refusal, TOKEN_EXPIRED } from "../protocol/error.ts";
import { missing } from "../protocol/grant.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { User } from "../protocol/message.ts";
import type { RoomName } from "../protocol/room-name.ts";
import type { JoinedTopic } from "../protocol/server-frame.ts";
import { ArrivalQuota } from "./arrival-quota.ts";
import { banOf } from "./bans.ts";
import { CatchUp } from "./catch-up.ts";
import { type Connection, isExpired, openConnection, type Session } from "./connection.ts";
import { Counters } from "./counters.ts";
import { RequestMemory } from "./dedupe/request-memory.ts";
import { Due } from "./due.ts";
import type { Telling } from "./effect.ts";
import type { Entrance } from "./entrance.ts";
import { fanOut } from "./fan-out.ts";
import { flushDelayMs } from "./flush-pace.ts";
import { greet } from "./greeting.ts";
import { JoinQuota } from "./join-quota.ts";
import { KnownPeople } from "./known-people.ts";
import { LastValues } from "./last-values.ts";
import { livesUntil } from "./lifetime.ts";
import { MentionQuota } from "./mention-quota.ts";
import { originOf } from "./origin.ts";
import { answerFrame } from "./outcome.ts";
import { Outlet } from "./outlet.ts";
import type { RoomPorts } from "./ports.ts";
import { presenceNotice } from "./presence-notice.ts";
import { type Closing, Queue, type Submission } from "./queue.ts";
import { Receipts } from "./receipts.ts";
import { RequestQuota } from "./request-quota.ts";
import { isTooMuch, missedSince } from "./resume.ts";
import { hasRetention } from "./retention.ts";
import { Roster } from "./roster.ts";
import { type RoomState, type Settled, settle } from "./settle.ts";
import { aliveAt, longestSilent, silentAmong } from "./silence.ts";
import { tokenNotice } from "./token-notice.ts";
import { typingNotice } from "./typing.ts";
import { followClockBack, keepReceipts, trim } from "./upkeep.ts";

/** What a flush did, for who owns the room. */
export type Flushed = Pick<Settled, "notices" | "audits" | "failure">;

/**
 * One room: its connections, and the queue that the next flush settles. It knows no platform, no
 * clock and no timer: whoever owns it calls {@link flush} and {@link sweep} when they are due.
 * Every `now` is milliseconds since the epoch.
 */
export class Room {
  readonly #ports: RoomPorts;
  readonly #state: RoomState;
  readonly #roster = new Roster();
  readonly #due: Due;
  readonly #outlet: Outlet;
  readonly #joins: JoinQuota;
  /** What everyone may ask over HTTP. */
  readonly requests: RequestQuota;
  /** What happens here, counted. */
  readonly counters = new Counters();
  #queue = new Queue();
  /** Who is to be closed once the flush under way is told. */
  #closings: readonly Closing[] = [];
  #lastFlushAt = Number.NEGATIVE_INFINITY;

  constructor({ name, kind }: RoomName<RoomState["kind"]>, ports: RoomPorts) {
    const { store, sockets, limits } = ports;
    this.#ports = ports;
    this.#due = new Due(limits);
    this.requests = new RequestQuota(limits);
    this.#joins = new JoinQuota(limits, this.requests);
    this.#outlet = new Outlet(sockets, this.counters, limits);
    const receipts = new Receipts(
      kind === "chat" ? store.receipts.load(BOUNDS.receiptsKept) : new Map(),
    );
    this.#state = {
      name,
      kind,
      store,
      requests: new RequestMemory(store.log, store.keys),
      receipts,
      lastValues: new LastValues(kind === "topic" ? store.lastValues.load() : new Map()),
      people: new KnownPeople(store.writers, {
        isHere: (userId) => this.#roster.isHere(userId),
        hasRead: (userId) => receipts.upTo(userId) > 0,
      }),
      mentions: new MentionQuota(limits),
      arrivals: new ArrivalQuota(limits, store.inbox),
      connections: this.#roster.connections,
    };
  }

  /** Whether a flush is due, because something waits for it or is yet to be told. */
  get hasWork(): boolean {
    return this.isTelling || this.#queue.length > 0 || this.#outlet.mayCatchUp;
  }

  /** Whether a flush is told in part, and the next call tells more of it. */
  get isTelling(): boolean {
    return this.#outlet.isSending;
  }

  /** When {@link sweep} must run next; `undefined` when nothing will ever be due. */
  get wakeAt(): number | undefined {
    return this.#due.at;
  }

  /** Takes over what an earlier life of the room had to wake for, whatever that was. */
  inherit(wakeAt: number | undefined): void {
    this.#due.by(wakeAt);
  }

  /** Whether nobody is here and nothing is left that is worth keeping: then the room may vanish. */
  isOver(now: number): boolean {
    return this.connections === 0 && !this.hasWork && this.isBlank(now);
  }

  /** Whether nothing is stored that is worth keeping, whoever is here. */
  isBlank(now: number): boolean {
    return this.#livesUntil(now) <= now;
  }

  /** Open connections, those included that are about to be closed. */
  get connections(): number {
    return this.#roster.connections.size;
  }

  /** Everyone present. */
  get users(): readonly User[] {
    return this.#roster.users();
  }

  /** The newest value of each event of a topic. */
  get lastValues(): JoinedTopic["last"] {
    return this.#state.lastValues.snapshot();
  }

  /** A live connection; `undefined` once it is closed or closing. */
  connection(id: string): Connection | undefined {
    return this.#roster.open(id);
  }

  /** How long the due flush waits, in milliseconds. */
  flushDelayMs(now: number): number {
    const { flushGapMs } = this.#ports.limits;
    if (this.isTelling) return 0;
    return flushDelayMs(this.#state.connections.size, this.#lastFlushAt, flushGapMs, now);
  }

  /** Takes back a connection that outlived a hibernation. Nobody is told: nobody noticed. */
  restore(id: string, session: Session, now: number): void {
    const connection = openConnection(id, session, this.#ports.limits, now);
    this.#roster.enter(connection);
    const { userId, readUpTo } = session;
    if (readUpTo !== undefined) this.#state.receipts.advance(userId, readUpTo);
    this.#plan(connection, now);
  }

  /** Counts a try to come in; why the session may not, `undefined` when it may. */
  refuses(session: Session, now: number): Refusal | undefined {
    return (
      (session.expiresAt <= now ? TOKEN_EXPIRED : undefined) ??
      missing(session, "read") ??
      (session.backend === true ? undefined : banOf(this.#ports.store.bans, session.userId, now)) ??
      this.#joins.refuses(session, now) ??
      this.#roster.tooMany(
        session,
        this.#ports.limits.connectionsPerIp,
        this.#givesWayTo(session, now),
      )
    );
  }

  /** Lets a session in: it is told where the room stands and what it missed, the others that it came. */
  join({ id, session, cursor, history }: Entrance, now: number): void {
    const { store, limits } = this.#ports;
    const connection = openConnection(id, session, limits, now);
    const givesWay = this.#givesWayTo(session, now);
    if (this.#roster.enter(connection)) this.#announce("user_joined", session, now);
    if (givesWay !== undefined) this.#lose(givesWay, "gave way to a newer one", now);
    this.counters.connected(session.transport, this.connections);
    connection.joinedAt = this.#queue.next;
    const missed = missedSince(store.log, cursor, limits.resumeEvents);
    // A poll takes one page of it, however much there is.
    const isPoll = session.transport === "poll";
    const recovered = missed !== undefined && (isPoll || !isTooMuch(store.log, missed));
    const { userId } = session;
    const origin = session.echo === true ? originOf(id) : undefined;
    const newcomer = { userId, origin, recovered, history };
    const greeting = greet(newcomer, this.#state, this.#roster, limits, now);
    // On its own, so that it is the first frame whatever a reader makes of a batch.
    this.#outlet.sendNow(connection, [greeting], now);
    if (recovered) this.#outlet.resume(connection, new CatchUp(store.log, missed), now);
    this.#plan(connection, now);
  }

  /** A peer said something, whatever it is. */
  heard(connection: Connection, bytes: number, now: number): void {
    this.counters.heard(bytes);
    connection.lastFrameAt = now;
    this.#outlet.heard(connection);
    const { id, session } = connection;
    const keptAt = session.heardAt ?? session.connectedAt;
    // Of the others the platform keeps when they last pinged.
    if (session.wire !== "plain" || now - keptAt < BOUNDS.heardKeptMs) return;
    connection.session = { ...session, heardAt: now };
    this.#ports.sockets.save(id, connection.session);
  }

  /** The socket of a connection that the room had closed has ended. */
  socketEnded(id: string): void {
    this.#outlet.ended(id);
  }

  /** Queues a checked frame for the next flush. */
  submit(submission: Submission): void {
    if (this.#queue.submit(submission)) return;
    const error = refusal("rate_limited", "The room is overloaded. Try again later.", 1_000);
    this.counters.refused(error.code);
    const { actor, messageId, at, answer } = submission;
    const outcome = { ok: false, error } as const;
    answer?.(outcome);
    const sender = this.#roster.open(actor.connectionId ?? "");
    const frame = answerFrame(messageId, outcome, at);
    if (sender !== undefined && frame !== undefined) this.#outlet.sendNow(sender, [frame], at);
  }

  /** Tells one connection why something was refused, with the flush. */
  refuse({ id }: Connection, messageId: string | undefined, error: Refusal, now: number): void {
    this.counters.refused(error.code);
    const frame = answerFrame(messageId, { ok: false, error }, now);
    if (frame !== undefined) this.tell({ audience: { to: "connection", connectionId: id }, frame });
  }

  /** Queues a frame that needs no decision. */
  tell(telling: Telling): void {
    this.#queue.push({ kind: "tell", ...telling });
  }

  /** Ends a connection for a reason, after everything it is owed. */
  expel(connection: Connection, error: Refusal, now: number): void {
    if (connection.state !== "open") return;
    this.refuse(connection, undefined, error, now);
    this.#queue.push({
      kind: "close",
      connectionId: connection.id,
      code: closeCodeFor(error.code),
      reason: error.code,
    });
    connection.state = "closing";
  }

  /** Ends every connection of a user, and keeps it out for a time if so wished. Returns how many there were. */
  kick(userId: string, banMs: number, now: number): number {
    const { bans } = this.#ports.store;
    if (banMs > 0) {
      bans.ban(userId, now + banMs);
      this.#due.by(now + banMs);
    }
    const theirs = this.#roster.of(userId);
    const error =
      banOf(bans, userId, now) ??
      refusal("access_denied", "A moderator removed you from this room.");
    for (const connection of theirs) this.expel(connection, error, now);
    return theirs.length;
  }

  /**
   * Drops the last value of a topic's event; false when there is none. Whoever watches is not told:
   * what they were shown stays true of its time.
   */
  forgetLast(event: string): boolean {
    this.#state.lastValues.drop(event);
    return this.#ports.store.lastValues.remove(event);
  }

  /** Takes what a new token of the same user says, after it was verified. */
  renew(
    connection: Connection,
    token: Pick<Session, "expiresAt" | "permissions">,
    now: number,
  ): void {
    if (!token.permissions.includes("read")) {
      this.expel(connection, refusal("access_denied", "The new token may not read here."), now);
      return;
    }
    connection.session = { ...connection.session, ...token };
    this.#ports.sockets.save(connection.id, connection.session);
    this.#plan(connection, now);
    // Not with a flush, which calls for a report: of a thousand idle people somebody always renews.
    this.#outlet.sendNow(connection, [tokenNotice(connection, now)], now);
  }

  /**
   * Takes a connection out, for whatever reason it went; the others are told.
   *
   * @param wasClosed whether the room closed it, and its socket may not have ended yet.
   */
  leave(id: string, now: number, wasClosed = false): void {
    const gone = this.#roster.exit(id);
    if (gone === undefined) return;
    this.#outlet.left(gone.connection, wasClosed);
    const { session, typing } = gone.connection;
    if (typing) this.tell(typingNotice(session, false, now));
    if (gone.last) this.#announce("user_left", session, now);
    if (session.readUpTo !== undefined) this.#queue.push({ kind: "save-receipts" });
  }

  /**
   * Ends every connection at once, for the room itself ends: what waits is settled, but whatever of
   * it is yet to be told is not.
   */
  end(error: Refusal, reason: string, now: number): void {
    this.#outlet.drop();
    this.flush(now);
    this.#outlet.drop();
    const frame = answerFrame(undefined, { ok: false, error }, now);
    for (const connection of [...this.#roster.connections.values()]) {
      // Or what it missed would come first, in portions.
      connection.state = "closing";
      if (frame !== undefined) this.#outlet.sendNow(connection, [frame], now);
      this.#ports.sockets.close(connection.id, closeCodeFor(error.code), reason);
      this.#roster.exit(connection.id);
    }
    this.#queue = new Queue(this.#queue.next);
    this.#closings = [];
  }

  /** Settles the queue and tells what came of it; a call may tell a portion, and the next ones the rest. */
  flush(now: number): Flushed {
    this.#expelExpired(now);
    this.#outlet.catchUp(now);
    if (this.isTelling) return { notices: 0, audits: [], ...this.#deliver(now) };
    const queue = this.#queue;
    this.#queue = new Queue(queue.next);
    if (now < this.#lastFlushAt) {
      this.#due.bySweep(now);
      followClockBack(this.#state.connections.values(), now);
    }
    this.#lastFlushAt = now;
    const settled = settle(queue, this.#state, now);
    if (keepReceipts(this.#state, this.#ports.sockets)) this.#due.bySweep(now);
    this.counters.flushed(queue.length, settled.appended);
    for (const code of settled.refused) this.counters.refused(code);
    for (const answer of settled.answers) answer();
    this.#state.requests.expire(now);
    if (settled.appended > 0 && hasRetention(this.#ports.limits)) this.#due.bySweep(now);
    this.#outlet.take(fanOut([...this.#state.connections.values()], settled.outgoing, now));
    this.#closings = settled.closings;
    return { ...settled, ...this.#deliver(now) };
  }

  /** Ends what is expired or silent, writes receipts, trims what need not last, and sets the next wake. */
  sweep(now: number): void {
    const { sockets, limits } = this.#ports;
    const { connections, receipts } = this.#state;
    this.#expelExpired(now);
    const open = [...connections.values()].filter(({ state }) => state === "open");
    for (const connection of silentAmong(open, sockets, limits, now))
      this.#lose(connection, "heartbeat lost", now);
    if (receipts.hasUnsaved) this.#queue.push({ kind: "save-receipts" });
    this.#due.clear();
    this.#due.by(trim(this.#state, limits, now));
    for (const connection of connections.values()) {
      if (connection.state === "open") this.#plan(connection, now);
    }
    if (connections.size === 0) this.#due.by(this.#livesUntil(now));
    this.#outlet.catchUp(now);
    this.#loseUnread(now);
  }

  /** Also with each flush: that nobody hears on after their token must not rest on an alarm. */
  #expelExpired(now: number): void {
    for (const connection of this.#state.connections.values()) {
      if (isExpired(connection, now)) this.expel(connection, TOKEN_EXPIRED, now);
    }
  }

  #livesUntil(now: number): number {
    return livesUntil(this.#state, this.#ports.limits, now);
  }

  #deliver(now: number): Pick<Flushed, "failure"> {
    const { connections } = this.#state;
    let failed = {};
    try {
      this.#outlet.proceed(now);
    } catch (failure) {
      failed = { failure };
      // Whoever was not told yet would go on as if nothing were missing: all come back, and resume.
      const end = { code: CLOSE_CODES.internal.code, reason: "internal" };
      this.#closings = [...connections.keys()].map((connectionId) => ({ connectionId, ...end }));
    }
    if (!this.isTelling) {
      for (const { connectionId, code, reason } of this.#closings) {
        this.#ports.sockets.close(connectionId, code, reason);
        this.leave(connectionId, now, true);
      }
      this.#closings = [];
    }
    this.#loseUnread(now);
    return failed;
  }

  /** Lets go of those who do not read; those whose turn for more has yet to come are looked at again. */
  #loseUnread(now: number): void {
    for (const connection of this.#outlet.unread(this.#state.connections.values(), now)) {
      this.#lose(connection, "not reading", now);
    }
    if (this.#outlet.holdsBack) this.#due.by(now + BOUNDS.catchUpLookMs);
  }

  #plan(connection: Connection, now: number): void {
    const answeredAt = this.#ports.sockets.answeredAt(connection.id);
    this.#due.bySession(connection.session, aliveAt(connection, answeredAt, now), now);
  }

  /** The user's own longest-silent connection, when one more would be too many. */
  #givesWayTo({ userId, backend }: Session, now: number): Connection | undefined {
    const { limits, sockets } = this.#ports;
    const most = limits.connectionsPerUser;
    if (backend === true || most === 0) return undefined;
    const theirs = this.#roster.of(userId);
    return theirs.length < most ? undefined : longestSilent(theirs, sockets, now);
  }

  #announce(type: "user_joined" | "user_left", user: User, now: number): void {
    if (this.#state.kind === "chat") this.tell(presenceNotice(type, user, now));
  }

  #lose({ id }: Connection, reason: string, now: number): void {
    this.#ports.sockets.close(id, CLOSE_CODES.heartbeatLost.code, reason);
    this.leave(id, now, true);
  }
}
