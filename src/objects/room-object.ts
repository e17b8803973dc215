import { DurableObject } from "cloudflare:workers";
import { createVerifier, type Verifier } from "../auth/verifier.ts";
import { ADMISSION_HEADER, readAdmission } from "../protocol/admission.ts";
import { PING, PONG } from "../protocol/client-frame.ts";
import { frameParser } from "../protocol/client-frame-schema.ts";
import type { Cursor } from "../protocol/cursor.ts";
import { ERROR_CODES, ProtocolError, type Refusal, refusal } from "../protocol/error.ts";
import { type Identity, permissionsIn } from "../protocol/grant.ts";
import { type LogLine, logLine } from "../protocol/log-line.ts";
import type { User } from "../protocol/message.ts";
import { encodePollPage } from "../protocol/poll-page.ts";
import { parseRoomName } from "../protocol/room-name.ts";
import { readSettings, type SettingName } from "../protocol/settings.ts";
import { subprotocolOf } from "../protocol/subprotocol.ts";
import { missing } from "../room/access.ts";
import type { Actor } from "../room/actor.ts";
import type { Connection, Session } from "../room/connection.ts";
import { Door } from "../room/door.ts";
import { banOf } from "../room/entry.ts";
import type { Outcome } from "../room/flush.ts";
import { iso } from "../room/iso.ts";
import type { PageQuery } from "../room/log.ts";
import { poll } from "../room/poll.ts";
import { RequestQuota } from "../room/request-quota.ts";
import { Room } from "../room/room.ts";
import { SqlRoomLog } from "../storage/sql-room-log.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { DurableDatabase } from "./durable-database.ts";
import { FlushTimer } from "./flush-timer.ts";
import type { HttpFrame, Kicked, RoomApi, RoomResult } from "./room-api.ts";
import { closeQuietly, SocketRegistry } from "./socket-registry.ts";

/** The environment that a room reads its settings from. */
export type RoomEnv = Readonly<Partial<Record<SettingName, string>>>;

/** One room as a Durable Object: sockets, a timer and an alarm around {@link Room}. */
export class RoomObject extends DurableObject<RoomEnv> implements RoomApi {
  readonly #name: string;
  readonly #verifier: Verifier;
  readonly #sockets: SocketRegistry;
  readonly #alarm: AlarmClock;
  readonly #log: SqlRoomLog;
  readonly #room: Room;
  readonly #door: Door;
  readonly #quota: RequestQuota;
  readonly #resumeEvents: number;
  readonly #timer = new FlushTimer(() => this.#flush());

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    super(ctx, env);
    const read = readSettings(env);
    // The Worker answers 503 before it gets here; an alarm may still come first after a bad deploy.
    if (!read.ok) throw new Error(read.problem);
    const { limits, auth } = read.settings;
    const now = Date.now();
    this.#name = ctx.id.name ?? "";
    this.#verifier = createVerifier(auth);
    this.#sockets = new SocketRegistry(ctx, (session, code, clean, reason) =>
      this.#sayEnded(session, code, clean, reason),
    );
    this.#alarm = new AlarmClock(ctx.storage);
    this.#log = new SqlRoomLog(new DurableDatabase(ctx.storage), () => crypto.randomUUID());
    this.#room = new Room(this.#name, { log: this.#log, sockets: this.#sockets, limits }, now);
    this.#door = new Door(this.#room, limits, frameParser(limits.contentChars));
    this.#quota = new RequestQuota(limits);
    this.#resumeEvents = limits.resumeEvents;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    for (const { id, session } of this.#sockets.restore()) this.#room.restore(id, session, now);
    void ctx.blockConcurrencyWhile(() => this.#alarm.load());
  }

  /** The upgrade of a connection that the Worker has admitted. */
  override async fetch(request: Request): Promise<Response> {
    const {
      session: admitted,
      cursor,
      history,
    } = readAdmission(request.headers.get(ADMISSION_HEADER));
    const now = Date.now();
    const session: Session = { ...admitted, connectedAt: now };
    const { userId, wire, transport } = session;
    const refused = this.#room.refuses(session, now);
    if (refused !== undefined) {
      // The Worker tells the client: accepting a socket here would count it as one of the room's.
      return Response.json(refused, { status: ERROR_CODES[refused.code].status });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    const id = crypto.randomUUID();
    this.#sockets.accept(server, { id, session });
    this.#room.join({ id, session, cursor, history }, now);
    const resuming = cursor !== undefined;
    this.#say({ event: "connect", room: this.#name, userId, wire, transport, resuming });
    this.#scheduleFlush();
    await this.#alarm.wakeBy(this.#room.wakeAt);
    const subprotocol = subprotocolOf(wire);
    const headers = subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override async webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    const connection = this.#connectionOf(socket);
    if (connection === undefined) return;
    const received = this.#door.receive(connection, raw, Date.now());
    this.#scheduleFlush();
    if (received.kind === "refresh_token") await this.#renew(connection, received.token);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string, clean: boolean): void {
    // The hibernation API does not answer a close by itself, and 1005 may not be sent.
    if (clean) closeQuietly(socket, code === 1005 ? 1000 : code, reason);
    this.#gone(socket, code, clean, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#gone(socket, 1006, false, "socket error");
  }

  override async alarm(): Promise<void> {
    this.#alarm.wentOff();
    this.#room.sweep(Date.now());
    this.#scheduleFlush();
    await this.#alarm.wakeBy(this.#room.wakeAt);
  }

  async submit(actor: Actor, frame: HttpFrame): Promise<Outcome> {
    const now = Date.now();
    const refused = this.#turnsAway(actor, now);
    if (refused !== undefined) return { ok: false, error: refused };
    const outcome = new Promise<Outcome>((answer) => this.#room.submit(frame, actor, now, answer));
    this.#scheduleFlush();
    return outcome;
  }

  async history(actor: Actor, query: PageQuery): Promise<RoomResult<string>> {
    return this.#read(actor, () => {
      const { epoch, head } = this.#log;
      const { entries, hasMore } = this.#log.page(query);
      const rest = JSON.stringify({ epoch, seq: head, hasMore }).slice(1);
      return `{"messages":[${entries.join(",")}],${rest}`;
    });
  }

  async poll(actor: Actor, cursor: Cursor | undefined): Promise<RoomResult<string>> {
    return this.#read(actor, () => encodePollPage(poll(this.#log, cursor, this.#resumeEvents)));
  }

  async users(actor: Actor): Promise<RoomResult<readonly User[]>> {
    return this.#read(actor, () => this.#room.users);
  }

  async kick(actor: Actor, userId: string, banSeconds: number): Promise<RoomResult<Kicked>> {
    const now = Date.now();
    return this.#moderate(actor, now, () => {
      const disconnected = this.#room.kick(userId, banSeconds * 1000, now);
      this.#scheduleFlush();
      return banSeconds === 0
        ? { disconnected }
        : { disconnected, bannedUntil: iso(now + banSeconds * 1000) };
    });
  }

  async unban(actor: Actor, userId: string): Promise<RoomResult<null>> {
    return this.#moderate(actor, Date.now(), () => {
      this.#log.unban(userId);
      return null;
    });
  }

  #read<T>(actor: Actor, answer: () => T): RoomResult<T> {
    const refused = missing(actor, "read") ?? this.#turnsAway(actor, Date.now());
    return refused === undefined ? { ok: true, value: answer() } : { ok: false, error: refused };
  }

  #moderate<T>(actor: Actor, now: number, act: () => T): RoomResult<T> {
    const refused = missing(actor, "moderate") ?? this.#turnsAway(actor, now);
    return refused === undefined ? { ok: true, value: act() } : { ok: false, error: refused };
  }

  #turnsAway(actor: Actor, now: number): Refusal | undefined {
    if (actor.backend) return undefined;
    return banOf(this.#log, actor.userId, now) ?? this.#quota.refuses(actor.userId, now);
  }

  /** Verifying is asynchronous, so the connection may be gone when it is done. */
  async #renew({ id, session }: Connection, token: string): Promise<void> {
    const verified = await this.#verify(token, session.userId);
    const now = Date.now();
    const connection = this.#room.connection(id);
    if (connection === undefined) return;
    if (verified.ok) {
      const { expiresAt } = verified.value;
      const permissions = [...permissionsIn(parseRoomName(this.#name), verified.value)];
      this.#room.renew(connection, { expiresAt, permissions }, now);
    }
    if (!verified.ok) this.#room.refuse(connection, undefined, verified.error, now);
    this.#scheduleFlush();
    await this.#alarm.wakeBy(this.#room.wakeAt);
  }

  async #verify(token: string, userId: string): Promise<RoomResult<Identity>> {
    try {
      const identity = await this.#verifier.verify(token);
      return identity.userId === userId
        ? { ok: true, value: identity }
        : { ok: false, error: refusal("unauthorized", "The new token is another user's.") };
    } catch (error) {
      if (error instanceof ProtocolError) return { ok: false, error: error.refusal };
      throw error;
    }
  }

  #connectionOf(socket: WebSocket): Connection | undefined {
    const id = this.#sockets.idOf(socket);
    return id === undefined ? undefined : this.#room.connection(id);
  }

  #gone(socket: WebSocket, code: number, clean: boolean, reason: string): void {
    const id = this.#sockets.idOf(socket);
    if (id === undefined) return;
    this.#sockets.ended(socket, code, clean, reason);
    this.#room.leave(id, Date.now());
    this.#scheduleFlush();
  }

  #sayEnded({ userId, connectedAt }: Session, code: number, clean: boolean, reason: string): void {
    const event = clean ? "disconnect" : "abnormal_disconnect";
    const durationMs = Date.now() - connectedAt;
    this.#say({ event, room: this.#name, userId, code, clean, durationMs, reason });
  }

  #scheduleFlush(): void {
    if (this.#room.hasWork) this.#timer.start(this.#room.flushDelayMs(Date.now()));
  }

  #flush(): void {
    const failure = this.#room.flush(Date.now());
    if (failure !== undefined) {
      this.#say({ event: "error", where: "flush", message: String(failure).slice(0, 200) });
    }
    // Closing connections leaves word for the others.
    this.#scheduleFlush();
    this.ctx.waitUntil(this.#alarm.wakeBy(this.#room.wakeAt));
  }

  #say(line: LogLine): void {
    console.log(logLine(line, Date.now()));
  }
}
