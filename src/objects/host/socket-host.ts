import { answerTo, CLOSES, type Close } from "../../protocol/close.ts";
import type { KeptConnection, KeptFormat } from "../../protocol/kept.ts";
import { refuseUpgrade, switchTo } from "./answer.ts";
import type { Guest, RawFrame } from "./guest.ts";
import { closeQuietly, HostedSockets } from "./sockets.ts";
import { Turns } from "./turns.ts";

/** How long an alarm waits that found its guest closed, in milliseconds. */
const CLOSED_RETRY_MS = 60_000;

/** What a host is told of its guests once and for all. */
export interface HostParts<Kept extends object> {
  readonly format: KeptFormat<Kept>;
  /** Text that the platform answers while the object sleeps, and with what; for wires that have such. */
  readonly heartbeat?: { readonly ping: string; readonly pong: string };
}

/**
 * Holds the sockets of one object, its alarm and its timer, for a guest that gives them a meaning:
 * whatever the platform brings becomes one of the guest's {@link Turns}.
 */
export class SocketHost<Visit, Kept extends object> {
  readonly sockets: HostedSockets<Kept>;
  readonly turns: Turns<Guest<Visit, Kept>>;
  readonly #ctx: DurableObjectState;

  constructor(ctx: DurableObjectState, { format, heartbeat }: HostParts<Kept>) {
    this.#ctx = ctx;
    this.turns = new Turns({
      now: Date.now,
      after: (delayMs, run) => void setTimeout(run, delayMs),
      alarm: ctx.storage,
      written: () => this.written(),
      keepAwake: (work) => ctx.waitUntil(work),
      first: (work) => void ctx.blockConcurrencyWhile(work),
    });
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
    this.turns.open(guest);
    const now = Date.now();
    const first = guest();
    const restored = this.sockets.restore((kept) => first.mayGoOn(kept));
    for (const { id, kept } of restored) first.restore(id, kept, now);
    if (first.closed !== undefined) {
      for (const { id } of restored) this.#drop(id, CLOSES.restart, now);
    }
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
    const hasTrace = this.turns.clearAlarm() || isWritten;
    const { storage } = this.#ctx;
    if (hasTrace) await Promise.all([storage.deleteAlarm(), storage.deleteAll()]);
  }

  /** Has the object woken to look again at a guest that is closed, should this life end before. */
  async lookAgain(now: number): Promise<void> {
    await this.#ctx.storage.setAlarm(now + CLOSED_RETRY_MS);
  }

  /** The upgrade of a connection that the Worker has admitted. */
  enter(request: Request): Response {
    return this.turns.turn((now) => {
      const { guest } = this.turns;
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

  /**
   * A frame came. Most leave nothing to wait for: a promise for each took a sixth of the CPU of somebody
   * who sends thousands a second.
   */
  message(socket: WebSocket, raw: RawFrame): Promise<void> | undefined {
    return this.turns.briefTurn((now) => {
      const id = this.sockets.idOf(socket);
      return id === undefined ? undefined : this.turns.guest.hear(id, raw, now);
    });
  }

  /** A peer closed its socket, or answered our close. */
  closed(socket: WebSocket, close: Close): void {
    const { code, reason, clean } = close;
    // The hibernation API does not answer a close by itself.
    if (clean) closeQuietly(socket, { code: answerTo(code), reason });
    this.turns.turn((now) => this.#gone(socket, close, now));
  }

  /** A socket broke. */
  failed(socket: WebSocket): void {
    this.turns.turn((now) => this.#gone(socket, CLOSES.socketError, now));
  }

  /** The alarm went off. */
  async alarm(info: AlarmInvocationInfo | undefined): Promise<void> {
    // What it was set for is to be done when the guest is open again, maybe by newer code.
    if (this.turns.guest.closed !== undefined) await this.lookAgain(Date.now());
    else await this.turns.alarm(info?.scheduledTime);
  }

  #gone(socket: WebSocket, close: Close, now: number): void {
    const { guest } = this.turns;
    const lingered = this.sockets.lingeredAs(socket);
    if (lingered !== undefined) guest.ended(lingered);
    const id = this.sockets.idOf(socket) ?? this.#wokenBy(socket, now)?.id;
    if (id === undefined) return;
    this.sockets.remove(id);
    guest.leave(id, close, now);
  }

  #wokenBy(socket: WebSocket, now: number): KeptConnection<Kept> | undefined {
    const connection = this.sockets.restoreEnding(socket);
    if (connection !== undefined)
      this.turns.guest.restore(connection.id, connection.kept, now, true);
    return connection;
  }

  #drop(id: string, close: Close, now: number): void {
    this.sockets.close(id, close);
    this.turns.guest.leave(id, close, now);
  }
}
