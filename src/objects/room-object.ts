import { ADMISSION_HEADER, readAdmission, refuseAdmission } from "../protocol/admission.ts";
import { PING, PONG } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import { CLOSE_REASONS } from "../protocol/close-reason.ts";
import { ERROR_CODES, type Refusal } from "../protocol/error.ts";
import { refuseVersion } from "../protocol/inner-version.ts";
import { subprotocolOf } from "../protocol/subprotocol.ts";
import type { Connection, Session } from "../room/connection.ts";
import type { TokenRefresh } from "../room/door.ts";
import type { KindTable } from "../room/kind-table.ts";
import { FIRST_RETRY_MS } from "../room/outbox.ts";
import { ClosedDesk } from "./closed-desk.ts";
import { FlushTimer } from "./flush-timer.ts";
import type { RoomApi } from "./room-api.ts";
import { CLOSED_RETRY_MS, RoomLives } from "./room-lives.ts";
import type { RoomEnv, RoomParts } from "./room-parts.ts";
import { RoomRpc } from "./room-rpc.ts";
import { attachedTo, closeQuietly } from "./socket-registry.ts";
import { renewToken } from "./token-renewal.ts";

/** One room as a Durable Object: sockets, a timer and an alarm around {@link Room}. */
export class RoomObject extends RoomRpc<RoomEnv> {
  readonly #timer = new FlushTimer(() => this.#flush());
  readonly #lives: RoomLives;
  #isArmed = false;

  /** @param kinds what its name may say that it is. */
  constructor(ctx: DurableObjectState, env: RoomEnv, kinds: KindTable) {
    super(ctx, env);
    const now = Date.now();
    this.#lives = new RoomLives(ctx, env, kinds, {
      queued: () => this.#scheduleFlush(),
      counted: () => ctx.waitUntil(this.#wake(Date.now())),
      flush: () => this.#flush(),
    });
    const { sockets, room, alarm, refusal } = this.#parts;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    const restored = sockets.restore();
    if (refusal !== undefined) {
      for (const { id } of restored) {
        sockets.close(id, CLOSE_CODES.restart.code, CLOSE_REASONS.restart);
      }
      return;
    }
    for (const { id, session } of restored) room.restore(id, session, now);
    void ctx.blockConcurrencyWhile(async () => {
      const inherited = await alarm.load(now);
      // An earlier life may have ended before it could leave nothing behind.
      if (room.isOver(now)) await this.#lives.end(now);
      else room.inherit(inherited);
    });
  }

  protected readonly deskFor = (version: number | undefined): RoomApi => {
    const tooFar = refuseVersion(version);
    if (tooFar !== undefined) return new ClosedDesk(tooFar);
    this.#armOnce();
    return this.#parts.desk;
  };

  get #parts(): RoomParts {
    return this.#lives.parts;
  }

  /** The upgrade of a connection that the Worker has admitted. */
  override async fetch(request: Request): Promise<Response> {
    const header = request.headers.get(ADMISSION_HEADER);
    const tooFar = refuseAdmission(header);
    if (tooFar !== undefined) {
      return Response.json(tooFar, { status: ERROR_CODES[tooFar.code].status });
    }
    this.#armOnce();
    const { session: admitted, cursor, history } = readAdmission(header);
    const now = Date.now();
    const session: Session = { ...admitted, connectedAt: now };
    if (this.#parts.refusal !== undefined) return refuseEntry(this.#parts.refusal);
    const refused = this.#parts.room.refuses(session, now);
    if (refused !== undefined) {
      this.#parts.room.counters.refused(refused.code);
      await this.#wake(now);
      return refuseEntry(refused);
    }
    const { 0: client, 1: server } = new WebSocketPair();
    const id = crypto.randomUUID();
    try {
      this.#parts.sockets.accept(server, { id, session });
      this.#parts.room.join({ id, session, cursor, history }, now);
      this.#parts.journal.connected(session, cursor !== undefined);
      this.#scheduleFlush();
      await this.#wake(now);
    } catch (error) {
      // Or it would be a ghost: present, counted, and never swept.
      this.#parts.sockets.close(id, CLOSE_CODES.internal.code, "internal");
      this.#parts.room.leave(id, now);
      this.#scheduleFlush();
      throw error;
    }
    const subprotocol = subprotocolOf(session.wire);
    const headers = subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override async webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    this.#armOnce();
    const connection = this.#connectionOf(socket);
    if (connection === undefined) return;
    const received = this.#parts.door.receive(connection, raw, Date.now());
    this.#scheduleFlush();
    if (received.kind === "refresh_token") await this.#renew(connection, received);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string, clean: boolean): void {
    // The hibernation API does not answer a close by itself, and 1005 may not be sent.
    if (clean) closeQuietly(socket, code === 1005 ? 1000 : code, reason);
    this.#gone(socket, code, clean, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#gone(socket, 1006, false, CLOSE_REASONS.socketError);
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#isArmed = true;
    const now = Date.now();
    if (this.#parts.refusal !== undefined) {
      // What it was set for is to be done when the room is open again, maybe by newer code.
      await this.ctx.storage.setAlarm(now + CLOSED_RETRY_MS);
      return;
    }
    const wasAsleep = this.#parts.alarm.wentOff(info?.scheduledTime);
    // Reports come far more often than there is something to sweep.
    if (wasAsleep || (this.#parts.room.wakeAt ?? Infinity) <= now) this.#parts.room.sweep(now);
    this.#scheduleFlush();
    const { alarm, room, courier } = this.#parts;
    const waiting = courier.nextDue(now);
    // Not waited for: an object runs one alarm at a time, and inboxes that hang would put off sweeps.
    this.ctx.waitUntil(this.#bring());
    this.ctx.waitUntil(this.#report(now));
    // Armed before those answer: should this life end on the way, the next one goes again.
    const retryAt = waiting === undefined ? undefined : Math.max(waiting, now + FIRST_RETRY_MS);
    await alarm.wakeBy(now, room.wakeAt, retryAt);
  }

  /** Verifying is asynchronous, so the connection may be gone when it is done. */
  async #renew({ id, session }: Connection, { token, messageId }: TokenRefresh): Promise<void> {
    const renewed = await renewToken(this.#parts.verifier, token, session.userId, this.#parts.name);
    const now = Date.now();
    const connection = this.#parts.room.connection(id);
    if (connection === undefined) return;
    if (renewed.ok) this.#parts.room.renew(connection, renewed.value, messageId, now);
    else this.#parts.room.refuse(connection, messageId, renewed.error, now);
    this.#scheduleFlush();
    // A renewal calls for no report: it is counted if something else comes before the room sleeps.
    await this.#arm(now);
  }

  #connectionOf(socket: WebSocket): Connection | undefined {
    const id = this.#parts.sockets.idOf(socket);
    return id === undefined ? undefined : this.#parts.room.connection(id);
  }

  #gone(socket: WebSocket, code: number, clean: boolean, reason: string): void {
    const now = Date.now();
    this.#armOnce();
    const lingered = this.#parts.sockets.lingeredAs(socket);
    if (lingered !== undefined) this.#parts.room.socketEnded(lingered);
    const id = this.#parts.sockets.idOf(socket) ?? this.#wokenBy(socket, now);
    if (id === undefined) return;
    this.#parts.sockets.ended(socket, code, clean, reason);
    this.#parts.room.leave(id, now);
    this.#scheduleFlush();
    // Nobody may be left to be told, and then no flush follows.
    this.ctx.waitUntil(this.#wake(now));
  }

  /** A socket whose own end woke the room was not among the open ones that were restored. */
  #wokenBy(socket: WebSocket, now: number): string | undefined {
    const connection = attachedTo(socket);
    if (connection === undefined) return undefined;
    this.#parts.sockets.register(socket, connection);
    this.#parts.room.restore(connection.id, connection.session, now);
    return connection.id;
  }

  #scheduleFlush(): void {
    if (this.#parts.room.hasWork) this.#timer.start(this.#parts.room.flushDelayMs(Date.now()));
  }

  #flush(): void {
    const now = Date.now();
    const { room } = this.#parts;
    const flushed = room.flush(now);
    this.#lives.told(flushed);
    const { notices } = flushed;
    // The platform sends nothing before the write is confirmed: another portion would only pile up.
    if (room.isTelling) this.#timer.startAfter(this.ctx.storage.sync());
    // Closing connections leaves word for the others.
    this.#scheduleFlush();
    const nextDue = notices > 0 ? this.#parts.courier.nextDue(now) : undefined;
    // In the turn of the transaction, so that notices and the alarm that brings them stand together.
    this.ctx.waitUntil(this.#wake(now, nextDue));
    if (notices > 0) this.ctx.waitUntil(this.#bring());
  }

  /** Empties the outbox as far as it goes, and arms for what is left. */
  async #bring(): Promise<void> {
    await this.#parts.courier.bring();
    const now = Date.now();
    await this.#wake(now, this.#parts.courier.nextDue(now));
  }

  async #report(now: number): Promise<void> {
    await this.#parts.reporter.run(now);
    await this.#wake(Date.now());
  }

  /** Something happened that is to be reported. */
  #wake(now: number, ...others: readonly (number | undefined)[]): Promise<void> {
    this.#parts.reporter.note(now);
    return this.#arm(now, ...others);
  }

  /**
   * The first visit to this object sees to its alarm: an earlier object's may be dead, or given up
   * by the platform after six failures. An alarm that woke it sees to itself, and is told by the
   * platform as still to come.
   */
  #armOnce(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    const now = Date.now();
    const { refusal, alarm, room, courier } = this.#parts;
    if (refusal !== undefined) return;
    this.ctx.waitUntil(alarm.wakeBy(now, room.wakeAt, courier.nextDue(now)));
  }

  /** Many wakes, one alarm; and none for a room that is over. */
  #arm(now: number, ...others: readonly (number | undefined)[]): Promise<void> {
    const { refusal, room, alarm, reporter } = this.#parts;
    if (refusal === undefined && room.isOver(now)) return this.#lives.end(now);
    return alarm.wakeBy(now, room.wakeAt, reporter.dueAt, ...others);
  }
}

/** The Worker tells the client: accepting a socket here would count it as one of the room's. */
function refuseEntry(error: Refusal): Response {
  return Response.json(error, { status: ERROR_CODES[error.code].status });
}
