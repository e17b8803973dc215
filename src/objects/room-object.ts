import { DurableObject } from "cloudflare:workers";
import { createVerifier, type Verifier } from "../auth/verifier.ts";
import { type Dataset, Journal } from "../metrics/journal.ts";
import { Reporter } from "../metrics/reporter.ts";
import { ADMISSION_HEADER, readAdmission } from "../protocol/admission.ts";
import { PING, PONG } from "../protocol/client-frame.ts";
import { frameParser } from "../protocol/client-frame-schema.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Cursor } from "../protocol/cursor.ts";
import { ERROR_CODES } from "../protocol/error.ts";
import type { Kicked, RoomStats } from "../protocol/http-answer.ts";
import type { User } from "../protocol/message.ts";
import { isLogKind, type LogKind, parseRoomName, type RoomName } from "../protocol/room-name.ts";
import { readSettings, type SettingName } from "../protocol/settings.ts";
import { subprotocolOf } from "../protocol/subprotocol.ts";
import type { Actor } from "../room/actor.ts";
import type { Connection, Session } from "../room/connection.ts";
import { Door, type TokenRefresh } from "../room/door.ts";
import type { InboxQuery } from "../room/inbox.ts";
import type { PageQuery } from "../room/log.ts";
import { FIRST_RETRY_MS, type Notice } from "../room/outbox.ts";
import type { Outcome } from "../room/outcome.ts";
import { Room } from "../room/room.ts";
import { SqlRoomStore } from "../storage/sql-room-store.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { attached } from "./attachment.ts";
import { Courier } from "./courier.ts";
import { Desk } from "./desk.ts";
import { DurableDatabase } from "./durable-database.ts";
import { FlushTimer } from "./flush-timer.ts";
import type { MetricsObject } from "./metrics-object.ts";
import { shardFor } from "./metrics-shard.ts";
import type { HttpFrame, RoomApi, RoomResult } from "./room-api.ts";
import { RoomJournal } from "./room-journal.ts";
import { closeQuietly, SocketRegistry } from "./socket-registry.ts";
import { renewToken } from "./token-renewal.ts";

/** The environment that a room reads its settings from, and reaches other rooms by. */
export type RoomEnv = Readonly<Partial<Record<SettingName, string>>> & {
  readonly ROOM: DurableObjectNamespace<RoomObject>;
  /** Where rooms report what they count. Absent on bare workerd, like the next. */
  readonly METRICS?: DurableObjectNamespace<MetricsObject>;
  readonly ANALYTICS?: Dataset;
};

/** One room as a Durable Object: sockets, a timer and an alarm around {@link Room}. */
export class RoomObject extends DurableObject<RoomEnv> implements RoomApi {
  readonly #name: RoomName<LogKind>;
  readonly #verifier: Verifier;
  readonly #sockets: SocketRegistry;
  readonly #alarm: AlarmClock;
  readonly #store: SqlRoomStore;
  readonly #room: Room;
  readonly #door: Door;
  readonly #desk: Desk;
  readonly #courier: Courier;
  readonly #journal: RoomJournal;
  readonly #reporter: Reporter;
  #isFirstFlush = true;
  readonly #timer = new FlushTimer(() => this.#flush());

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    super(ctx, env);
    const read = readSettings(env);
    // The Worker answers 503 before it gets here; an alarm may still come first after a bad deploy.
    if (!read.ok) throw new Error(read.problem);
    const { limits, auth, metricsReportMs } = read.settings;
    const now = Date.now();
    const database = new DurableDatabase(ctx.storage);
    this.#store = new SqlRoomStore(database, () => crypto.randomUUID(), ctx.id.name);
    this.#name = logRoom(this.#store.name);
    this.#verifier = createVerifier(auth);
    this.#journal = new RoomJournal(this.#name.name, new Journal(env.ANALYTICS), Date.now);
    this.#sockets = new SocketRegistry(ctx, (session, code, clean, reason) => {
      this.#room.counters.disconnected({ code, clean });
      this.#journal.ended(session, { code, clean }, reason);
    });
    this.#alarm = new AlarmClock(ctx.storage);
    const ports = { store: this.#store, sockets: this.#sockets, limits };
    this.#room = new Room(this.#name, ports, now);
    const { name, kind } = this.#name;
    this.#reporter = new Reporter({
      counting: this.#room.counters,
      connections: () => this.#room.connections,
      keep: this.#store.stats,
      everyMs: metricsReportMs,
      shard: shardFor(name, env.METRICS),
      journal: this.#journal,
    });
    this.#door = new Door(this.#room, limits, frameParser(kind, limits.contentChars));
    this.#desk = new Desk({
      kind,
      room: this.#room,
      store: this.#store,
      limits,
      numbers: () => this.#reporter.numbers,
      storedBytes: () => ctx.storage.sql.databaseSize,
      queued: () => this.#scheduleFlush(),
      counted: () => ctx.waitUntil(this.#wake(Date.now())),
    });
    this.#courier = new Courier({
      outbox: this.#store.outbox,
      room: (name) => env.ROOM.getByName(name),
      random: Math.random,
      failed: (error) => this.#journal.error("outbox", error),
    });
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    for (const { id, session } of this.#sockets.restore()) this.#room.restore(id, session, now);
    void ctx.blockConcurrencyWhile(async () => this.#room.inherit(await this.#alarm.load()));
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
    const refused = this.#room.refuses(session, now);
    if (refused !== undefined) {
      this.#room.counters.refused(refused.code);
      await this.#wake(now);
      // The Worker tells the client: accepting a socket here would count it as one of the room's.
      return Response.json(refused, { status: ERROR_CODES[refused.code].status });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    const id = crypto.randomUUID();
    this.#sockets.accept(server, { id, session });
    this.#room.join({ id, session, cursor, history }, now);
    this.#journal.connected(session, cursor !== undefined);
    this.#scheduleFlush();
    try {
      await this.#wake(now);
    } catch (error) {
      // Or it would be a ghost: present, counted, and never swept.
      this.#sockets.close(id, CLOSE_CODES.internal.code, "internal");
      this.#room.leave(id, now);
      throw error;
    }
    const subprotocol = subprotocolOf(session.wire);
    const headers = subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  override async webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    const connection = this.#connectionOf(socket);
    if (connection === undefined) return;
    const received = this.#door.receive(connection, raw, Date.now());
    this.#scheduleFlush();
    if (received.kind === "refresh_token") await this.#renew(connection, received);
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
    const now = Date.now();
    const wasAsleep = this.#alarm.wentOff();
    // Reports come far more often than there is something to sweep.
    if (wasAsleep || (this.#room.wakeAt ?? Infinity) <= now) this.#room.sweep(now);
    this.#scheduleFlush();
    await Promise.all([this.#courier.run(now, now), this.#reporter.run(now)]);
    await this.#wake(now, this.#store.outbox.nextDue(now));
  }

  submit(actor: Actor, frame: HttpFrame): Promise<Outcome> {
    return this.#desk.submit(actor, frame);
  }

  deliver(notices: readonly Notice[]): Promise<readonly Outcome[]> {
    return this.#desk.deliver(notices);
  }

  history(actor: Actor, query: PageQuery): Promise<RoomResult<string>> {
    return this.#desk.history(actor, query);
  }

  poll(actor: Actor, cursor: Cursor | undefined): Promise<RoomResult<string>> {
    return this.#desk.poll(actor, cursor);
  }

  notifications(actor: Actor, query: InboxQuery): Promise<RoomResult<string>> {
    return this.#desk.notifications(actor, query);
  }

  stats(actor: Actor): Promise<RoomResult<RoomStats>> {
    return this.#desk.stats(actor);
  }

  users(actor: Actor): Promise<RoomResult<readonly User[]>> {
    return this.#desk.users(actor);
  }

  kick(actor: Actor, userId: string, banSeconds: number): Promise<RoomResult<Kicked>> {
    return this.#desk.kick(actor, userId, banSeconds);
  }

  unban(actor: Actor, userId: string): Promise<RoomResult<null>> {
    return this.#desk.unban(actor, userId);
  }

  /** Verifying is asynchronous, so the connection may be gone when it is done. */
  async #renew({ id, session }: Connection, { token, messageId }: TokenRefresh): Promise<void> {
    const renewed = await renewToken(this.#verifier, token, session.userId, this.#name);
    const now = Date.now();
    const connection = this.#room.connection(id);
    if (connection === undefined) return;
    if (renewed.ok) this.#room.renew(connection, renewed.value, now);
    else this.#room.refuse(connection, messageId, renewed.error, now);
    this.#scheduleFlush();
    await this.#wake(now);
  }

  #connectionOf(socket: WebSocket): Connection | undefined {
    const id = this.#sockets.idOf(socket);
    return id === undefined ? undefined : this.#room.connection(id);
  }

  #gone(socket: WebSocket, code: number, clean: boolean, reason: string): void {
    const now = Date.now();
    const id = this.#sockets.idOf(socket) ?? this.#wokenBy(socket, now);
    if (id === undefined) return;
    this.#sockets.ended(socket, code, clean, reason);
    this.#room.leave(id, now);
    this.#scheduleFlush();
    // Nobody may be left to be told, and then no flush follows.
    this.ctx.waitUntil(this.#wake(now));
  }

  /** A socket whose own end woke the room was not among the open ones that were restored. */
  #wokenBy(socket: WebSocket, now: number): string | undefined {
    const connection = attached(socket);
    if (connection === undefined) return undefined;
    this.#sockets.register(socket, connection);
    this.#room.restore(connection.id, connection.session, now);
    return connection.id;
  }

  #scheduleFlush(): void {
    if (this.#room.hasWork) this.#timer.start(this.#room.flushDelayMs(Date.now()));
  }

  #flush(): void {
    const now = Date.now();
    const { failure, notices } = this.#room.flush(now);
    if (failure !== undefined) this.#journal.error("flush", failure);
    // Closing connections leaves word for the others.
    this.#scheduleFlush();
    // An earlier life may have left some, and its alarm may have gone off in vain for good.
    const mayWait = notices > 0 || this.#isFirstFlush;
    this.#isFirstFlush = false;
    const nextDue = mayWait ? this.#store.outbox.nextDue(now) : undefined;
    // In the turn of the transaction, so that notices and the alarm that brings them stand together.
    this.ctx.waitUntil(this.#wake(now, nextDue));
    if (notices > 0) this.ctx.waitUntil(this.#courier.run(now + FIRST_RETRY_MS, now));
  }

  /** Many wakes, one alarm. */
  #wake(now: number, ...others: readonly (number | undefined)[]): Promise<void> {
    return this.#alarm.wakeBy(now, this.#room.wakeAt, this.#reporter.wakeAt(now), ...others);
  }
}

function logRoom(name: string): RoomName<LogKind> {
  const { kind } = parseRoomName(name);
  if (!isLogKind(kind)) throw new Error(`Rooms of kind "${kind}" are not kept here.`);
  return { name, kind };
}
