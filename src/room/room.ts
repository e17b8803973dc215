import { Bundle } from "../protocol/bundle.ts";
import { CLOSE_CODES, closeCodeFor } from "../protocol/close-code.ts";
import { EncodedFrame } from "../protocol/encoded-frame.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { User } from "../protocol/message.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Actor } from "./actor.ts";
import {
  type Connection,
  isPresent,
  isSilent,
  openConnection,
  type Session,
} from "./connection.ts";
import type { RoomFrame } from "./decide.ts";
import { DedupeWindow } from "./dedupe-window.ts";
import type { Telling } from "./effect.ts";
import { banOf, tooMany } from "./entry.ts";
import { fanOut } from "./fan-out.ts";
import { answerFrame, type Outcome, type QueueItem, settle } from "./flush.ts";
import { flushDelayMs } from "./flush-pace.ts";
import { iso } from "./iso.ts";
import { joinedRoom } from "./joined-room.ts";
import type { RoomLog } from "./log.ts";
import { Presence } from "./presence.ts";
import { Receipts } from "./receipts.ts";
import { type Cursor, resume } from "./resume.ts";
import { applyRetention, hasRetention } from "./retention.ts";
import type { RoomSockets } from "./sockets.ts";
import { typingNotice } from "./typing.ts";

/** What a room stands on. */
export interface RoomPorts {
  readonly log: RoomLog;
  readonly sockets: RoomSockets;
  readonly limits: RoomLimits;
}

/** How someone comes in. */
export interface Entrance {
  readonly id: string;
  readonly session: Session;
  readonly cursor?: Cursor | undefined;
  /** Messages of history for who does not resume. */
  readonly history: number;
}

/**
 * One room: its connections, and the queue that the next flush settles. It knows no platform, no
 * clock and no timer: whoever owns it calls {@link flush} and {@link sweep} when they are due.
 * Every `now` is milliseconds since the epoch.
 */
export class Room {
  readonly #name: string;
  readonly #ports: RoomPorts;
  readonly #connections = new Map<string, Connection>();
  readonly #presence = new Presence();
  readonly #dedupe = new DedupeWindow();
  readonly #receipts: Receipts;
  #queue: QueueItem[] = [];
  #lastFlushAt = Number.NEGATIVE_INFINITY;
  #wakeAt: number | undefined;

  constructor(name: string, ports: RoomPorts, now: number) {
    this.#name = name;
    this.#ports = ports;
    this.#receipts = new Receipts(ports.log.receipts());
    for (const accepted of ports.log.acceptedSince(now - BOUNDS.dedupeWindowMs)) {
      this.#dedupe.remember(accepted);
    }
  }

  /** Whether a flush is due, because something waits for it. */
  get hasWork(): boolean {
    return this.#queue.length > 0;
  }

  /** When {@link sweep} must run next; `undefined` when nothing will ever be due. */
  get wakeAt(): number | undefined {
    return this.#wakeAt;
  }

  /** Everyone present. */
  get users(): readonly User[] {
    return this.#presence.users();
  }

  /** A live connection; `undefined` once it is closed or closing. */
  connection(id: string): Connection | undefined {
    const connection = this.#connections.get(id);
    return connection?.state === "open" ? connection : undefined;
  }

  /** How long the due flush waits, in milliseconds. */
  flushDelayMs(now: number): number {
    const { flushGapMs } = this.#ports.limits;
    return flushDelayMs(this.#connections.size, this.#lastFlushAt, flushGapMs, now);
  }

  /** Takes back a connection that outlived a hibernation. Nobody is told: nobody noticed. */
  restore(id: string, session: Session, now: number): void {
    this.#connections.set(id, openConnection(id, session, this.#ports.limits, now, 0));
    if (isPresent(session)) this.#presence.enter(session);
    if (session.readUpTo !== undefined) this.#receipts.advance(session.userId, session.readUpTo);
    this.#scheduleFor(session, now);
  }

  /** Why a session may not come in; `undefined` when it may. */
  refuses(session: Session, now: number): Refusal | undefined {
    if (!session.permissions.includes("read")) {
      return refusal("access_denied", 'This needs the grant "read" for the room.');
    }
    const { log, limits } = this.#ports;
    return (
      banOf(log, session.userId, now) ??
      tooMany(this.#connections, session, limits.connectionsPerIp)
    );
  }

  /** Lets a session in: it is told where the room stands and what it missed, the others that it came. */
  join({ id, session, cursor, history }: Entrance, now: number): void {
    const { log, limits } = this.#ports;
    if (isPresent(session) && this.#presence.enter(session))
      this.#announce("user_joined", session, now);
    const connection = openConnection(id, session, limits, now, this.#queue.length);
    this.#connections.set(id, connection);
    const resumption = resume(log, cursor, limits.resumeEvents);
    const joined = joinedRoom({
      roomId: this.#name,
      userId: session.userId,
      epoch: log.epoch,
      seq: log.head,
      users: this.users,
      reads: this.#receipts.snapshot(),
      history: resumption.recovered || history === 0 ? [] : log.newestMessages(history),
      recovered: resumption.recovered,
      limits,
      now,
    });
    // On its own, so that it is the first frame whatever a reader makes of a batch.
    this.#sendNow(connection, [joined], now);
    if (resumption.recovered) {
      this.#sendNow(connection, resumption.events.map(EncodedFrame.fromJson), now);
    }
    this.#scheduleFor(session, now);
  }

  /** Queues a checked frame for the next flush; `answer` is told after the commit. */
  submit(frame: RoomFrame, actor: Actor, now: number, answer?: (outcome: Outcome) => void): void {
    if (this.#queue.length >= BOUNDS.queuedFrames) {
      const error = refusal("rate_limited", "The room is overloaded. Try again later.", 1_000);
      this.#refuse(actor, "messageId" in frame ? frame.messageId : undefined, error, now, answer);
      return;
    }
    const submission = { kind: "frame", frame, actor, at: now } as const;
    this.#queue.push(answer === undefined ? submission : { ...submission, answer });
  }

  /** Queues a checked frame of a connection. */
  say(connection: Connection, frame: RoomFrame, now: number): void {
    this.submit(frame, actorOf(connection), now);
  }

  /** Tells one connection why something was refused, with the flush. */
  refuse(connection: Connection, messageId: string | undefined, error: Refusal, now: number): void {
    this.#refuse(actorOf(connection), messageId, error, now);
  }

  /** Queues a frame that needs no decision. */
  tell(telling: Telling): void {
    this.#queue.push({ kind: "tell", ...telling });
  }

  /** Ends a connection for a reason, after everything it is owed. */
  expel(connection: Connection, error: Refusal, now: number): void {
    if (connection.state === "closing") return;
    this.#refuse(actorOf(connection), undefined, error, now);
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
    if (banMs > 0) this.#ports.log.ban(userId, now + banMs);
    const theirs = [...this.#connections.values()].filter(
      ({ session, state }) => session.userId === userId && state === "open",
    );
    const error =
      banOf(this.#ports.log, userId, now) ??
      refusal("access_denied", "A moderator removed you from this room.");
    for (const connection of theirs) this.expel(connection, error, now);
    return theirs.length;
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
    this.#scheduleFor(connection.session, now);
    this.tell({
      audience: { to: "connection", connectionId: connection.id },
      frame: EncodedFrame.of({
        type: "token_refreshed",
        timestamp: iso(now),
        payload: { expiresAt: iso(token.expiresAt) },
      }),
    });
  }

  /** Takes a connection out, for whatever reason it went; the others are told. */
  leave(id: string, now: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    this.#connections.delete(id);
    const { session } = connection;
    if (connection.typing) this.tell(typingNotice(session, false, now));
    if (isPresent(session) && this.#presence.exit(session.userId))
      this.#announce("user_left", session, now);
    if (session.readUpTo !== undefined) this.#saveReceipts();
  }

  /** Settles the queue. Returns what made its transaction fail, if anything. */
  flush(now: number): unknown {
    const queue = this.#queue;
    this.#queue = [];
    this.#lastFlushAt = now;
    const { outgoing, closings, answers, appended, failure } = settle(queue, {
      log: this.#ports.log,
      dedupe: this.#dedupe,
      receipts: this.#receipts,
      connections: this.#connections,
    });
    this.#keepReceipts(queue);
    fanOut(this.#connections.values(), outgoing, now, ({ id }, message) => {
      this.#ports.sockets.send(id, message);
    });
    for (const answer of answers) answer();
    for (const connection of this.#connections.values()) connection.joinedAt = 0;
    for (const { connectionId, code, reason } of closings) {
      this.#ports.sockets.close(connectionId, code, reason);
      this.leave(connectionId, now);
    }
    this.#dedupe.expire(now);
    if (appended && hasRetention(this.#ports.limits))
      this.#wakeBy(now + this.#ports.limits.sweepMs);
    return failure;
  }

  /** Ends what is expired or silent, writes receipts, trims history, and sets the next wake. */
  sweep(now: number): void {
    const { sockets, limits, log } = this.#ports;
    for (const connection of this.#connections.values()) {
      if (connection.session.expiresAt <= now) {
        this.expel(
          connection,
          refusal("token_expired", "The token has expired; bring a new one."),
          now,
        );
      } else if (isSilent(connection, sockets.answeredAt(connection.id), limits.heartbeatMs, now)) {
        sockets.close(connection.id, CLOSE_CODES.heartbeatLost.code, "heartbeat lost");
        this.leave(connection.id, now);
      }
    }
    this.#saveReceipts();
    this.#wakeAt = undefined;
    const nextTrim = hasRetention(limits) ? applyRetention(log, limits, now) : undefined;
    if (nextTrim !== undefined) this.#wakeBy(nextTrim);
    for (const { session, state } of this.#connections.values()) {
      if (state === "open") this.#scheduleFor(session, now);
    }
  }

  #refuse(
    actor: Actor,
    messageId: string | undefined,
    error: Refusal,
    now: number,
    answer?: (outcome: Outcome) => void,
  ): void {
    if (answer !== undefined) {
      answer({ ok: false, error });
      return;
    }
    const frame = answerFrame(messageId, { ok: false, error }, now);
    const { connectionId } = actor;
    if (frame !== undefined) this.tell({ audience: { to: "connection", connectionId }, frame });
  }

  #announce(type: "user_joined" | "user_left", { userId, name }: User, now: number): void {
    const frame = EncodedFrame.of({ type, timestamp: iso(now), payload: { userId, name } });
    this.tell({ audience: { to: "all" }, frame });
  }

  #sendNow({ id, session }: Connection, frames: readonly EncodedFrame[], now: number): void {
    for (const message of new Bundle(frames, iso(now)).messages(session.wire)) {
      this.#ports.sockets.send(id, message);
    }
  }

  /** Unsaved receipts live in their readers' attachments until company comes for the write. */
  #keepReceipts(queue: readonly QueueItem[]): void {
    for (const item of queue) {
      if (item.kind !== "frame" || item.frame.type !== "read_messages") continue;
      const { connectionId, userId } = item.actor;
      const connection =
        connectionId === undefined ? undefined : this.#connections.get(connectionId);
      if (connection === undefined || !this.#receipts.hasUnsaved) continue;
      connection.session = { ...connection.session, readUpTo: this.#receipts.upTo(userId) };
      this.#ports.sockets.save(connection.id, connection.session);
      this.#wakeBy(item.at + this.#ports.limits.sweepMs);
    }
  }

  #saveReceipts(): void {
    if (!this.#receipts.hasUnsaved) return;
    this.#ports.log.saveReceipts(this.#receipts.unsaved);
    this.#receipts.saved();
  }

  #scheduleFor(session: Session, now: number): void {
    this.#wakeBy(session.expiresAt);
    if (session.wire !== "plain") this.#wakeBy(now + this.#ports.limits.sweepMs);
  }

  #wakeBy(at: number): void {
    this.#wakeAt = this.#wakeAt === undefined ? at : Math.min(this.#wakeAt, at);
  }
}

function actorOf({ id, session }: Connection): Actor {
  const { userId, name, permissions } = session;
  return { userId, name, permissions, connectionId: id };
}
