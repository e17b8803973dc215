import { answerTo, CLOSES, type Close } from "../../protocol/close.ts";
import type { KeptConnection, KeptFormat } from "../../protocol/kept.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { refuseUpgrade, switchTo } from "./answer.ts";
import { FlushTimer } from "./flush-timer.ts";
import type { Guest, RawFrame } from "./guest.ts";
import { closeQuietly, HostedSockets } from "./sockets.ts";

/** How long an alarm waits that found its guest closed, in milliseconds. */
const CLOSED_RETRY_MS = 60_000;

/** What a host is told of its guests once and for all. */
export interface HostParts<Kept extends object> {
  readonly format: KeptFormat<Kept>;
  /** Text that the platform answers while the object sleeps, and with what; for wires that have such. */
  readonly heartbeat?: { readonly ping: string; readonly pong: string };
}

/**
 * Holds the sockets of one object, its alarm and its timer, for a guest that gives them a meaning.
 * Whatever comes is a turn of the guest, and what must follow every turn is written once, here: the
 * flush is due, the alarm stands, what happened is reported, and who is over ends.
 */
export class SocketHost<Visit, Kept extends object> {
  readonly sockets: HostedSockets<Kept>;
  readonly #ctx: DurableObjectState;
  readonly #alarm: AlarmClock;
  readonly #timer = new FlushTimer(() => this.flush());
  #guest: () => Guest<Visit, Kept> = unopened;
  #armed: Promise<void> = Promise.resolve();

  constructor(ctx: DurableObjectState, { format, heartbeat }: HostParts<Kept>) {
    this.#ctx = ctx;
    this.#alarm = new AlarmClock(ctx.storage);
    this.sockets = new HostedSockets(ctx, format);
    if (heartbeat === undefined) return;
    const { ping, pong } = heartbeat;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ping, pong));
  }

  /**
   * Takes back what outlived a sleep. To be called once, in the object's constructor.
   *
   * @param guest who is the guest now: one may follow the other.
   */
  open(guest: () => Guest<Visit, Kept>): void {
    this.#guest = guest;
    const now = Date.now();
    const first = guest();
    const restored = this.sockets.restore((kept) => first.mayGoOn(kept));
    for (const { id, kept } of restored) first.restore(id, kept, now);
    if (first.closed !== undefined) {
      for (const { id } of restored) this.#drop(id, CLOSES.restart, now);
      return;
    }
    void this.#ctx.blockConcurrencyWhile(async () => {
      const inherited = await this.#alarm.load(now);
      // An earlier life may have ended before it could leave nothing behind.
      if (first.isOver(now)) await first.end(now);
      else first.inherit(inherited);
    });
  }

  /** Does something with the guest, and sees to what follows from it. */
  turn<T>(work: (now: number) => T): T {
    const now = Date.now();
    try {
      return work(now);
    } finally {
      this.#follow(now);
    }
  }

  /** A turn that goes on: what follows is seen to when it begins to wait, and when it is done. */
  async longTurn<T>(work: (now: number) => Promise<T>): Promise<T> {
    const result = this.turn(work);
    try {
      return await result;
    } finally {
      this.turn(() => {});
    }
  }

  /** Work outside of any turn that keeps the object awake; the turn after it may be the guest's news. */
  background(work: Promise<unknown>): void {
    this.#ctx.waitUntil(work.finally(() => this.turn(() => {})));
  }

  /** Stores and sends what waits, now. */
  flush(): void {
    this.turn((now) => this.#guest().flush(now));
  }

  /** Waits until what was written so far is on disk. */
  written(): Promise<void> {
    return this.#ctx.storage.sync();
  }

  /**
   * Erases the object's storage, at once: what is written from here on is not erased with it. Not
   * even that there was an alarm is left.
   *
   * @param isWritten whether the guest has stored anything.
   */
  async erase(isWritten: boolean): Promise<void> {
    const hasTrace = isWritten || this.#alarm.hasTrace;
    this.#alarm.clear();
    const { storage } = this.#ctx;
    if (hasTrace) await Promise.all([storage.deleteAlarm(), storage.deleteAll()]);
  }

  /** Has the object woken to look again at a guest that is closed, should this life end before. */
  async lookAgain(now: number): Promise<void> {
    await this.#ctx.storage.setAlarm(now + CLOSED_RETRY_MS);
  }

  /** The upgrade of a connection that the Worker has admitted. */
  enter(request: Request): Response {
    return this.turn((now) => {
      const guest = this.#guest();
      const admitted = guest.admit(request, now);
      if (!admitted.ok) return refuseUpgrade(admitted.error);
      const { 0: client, 1: server } = new WebSocketPair();
      const id = crypto.randomUUID();
      try {
        this.sockets.accept(server, id);
        guest.enter(id, admitted.visit, now);
      } catch (error) {
        // Or it would be a ghost: present, counted, and never swept.
        this.#drop(id, CLOSES.failed, now);
        throw error;
      }
      return switchTo(client, admitted.subprotocol);
    });
  }

  /** A frame came. */
  async message(socket: WebSocket, raw: RawFrame): Promise<void> {
    await this.turn((now) => {
      const id = this.sockets.idOf(socket);
      return id === undefined ? undefined : this.#guest().hear(id, raw, now);
    });
  }

  /** A peer closed its socket, or answered our close. */
  closed(socket: WebSocket, close: Close): void {
    const { code, reason, clean } = close;
    // The hibernation API does not answer a close by itself.
    if (clean) closeQuietly(socket, { code: answerTo(code), reason });
    this.turn((now) => this.#gone(socket, close, now));
  }

  /** A socket broke. */
  failed(socket: WebSocket): void {
    this.turn((now) => this.#gone(socket, CLOSES.socketError, now));
  }

  /** The alarm went off. */
  async alarm(info: AlarmInvocationInfo | undefined): Promise<void> {
    const guest = this.#guest();
    // What it was set for is to be done when the guest is open again, maybe by newer code.
    if (guest.closed !== undefined) return this.lookAgain(Date.now());
    const wasInherited = this.#alarm.wentOff(info?.scheduledTime);
    this.turn((now) => {
      guest.wake(now, wasInherited);
      // Not waited for: an object runs one alarm at a time.
      this.background(guest.reports.run(now));
    });
    await this.#armed;
  }

  #gone(socket: WebSocket, close: Close, now: number): void {
    const guest = this.#guest();
    const lingered = this.sockets.lingeredAs(socket);
    if (lingered !== undefined) guest.ended(lingered);
    const id = this.sockets.idOf(socket) ?? this.#wokenBy(socket, now)?.id;
    if (id === undefined) return;
    this.sockets.remove(id);
    guest.leave(id, close, now);
  }

  #wokenBy(socket: WebSocket, now: number): KeptConnection<Kept> | undefined {
    const connection = this.sockets.restoreEnding(socket);
    if (connection !== undefined) this.#guest().restore(connection.id, connection.kept, now);
    return connection;
  }

  #drop(id: string, close: Close, now: number): void {
    this.sockets.close(id, close);
    this.#guest().leave(id, close, now);
  }

  /** What follows every turn. */
  #follow(now: number): void {
    const guest = this.#guest();
    if (guest.closed !== undefined) return;
    // The platform sends nothing before the write is confirmed: another portion would only pile up.
    if (guest.isTelling) this.#timer.startAfter(() => this.written());
    else if (guest.hasWork) this.#timer.start(guest.flushDelayMs(now));
    guest.reports.note(now);
    if (guest.isOver(now)) {
      this.#ctx.waitUntil(guest.end(now));
      return;
    }
    const { wakeAt, reports } = guest;
    if (this.#alarm.isArmedFor(now, wakeAt, reports.dueAt)) return;
    this.#armed = this.#alarm.wakeBy(now, wakeAt, reports.dueAt);
    this.#ctx.waitUntil(this.#armed);
  }
}

function unopened(): never {
  throw new Error("A host is opened before anything comes.");
}
