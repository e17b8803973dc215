import type { WireMessage } from "../protocol/bundle.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import { CLOSE_REASONS } from "../protocol/close-reason.ts";
import type { Session } from "../room/connection.ts";
import type { RoomSockets } from "../room/sockets.ts";
import { type Attached, attachmentOf, type Keepsake, readAttachment } from "./attachment.ts";

/** Told of every connection that ends, whoever ended it. */
export type OnEnd = (session: Session, code: number, clean: boolean, reason: string) => void;

/** The hibernatable sockets of one object, by connection id. */
export class SocketRegistry implements RoomSockets {
  readonly #ctx: DurableObjectState;
  readonly #onEnd: OnEnd;
  readonly #live = new Map<string, { readonly socket: WebSocket; session: Session }>();
  readonly #idOf = new WeakMap<WebSocket, string>();
  readonly #closing = new WeakMap<WebSocket, string>();
  /** The epoch of a room without storage, for its sockets to keep. */
  #epoch: string | undefined;
  /** The connection that keeps such a room's numbers, and these. */
  #stats: { readonly id: string; readonly value: Keepsake["stats"] } | undefined;

  constructor(ctx: DurableObjectState, onEnd: OnEnd) {
    this.#ctx = ctx;
    this.#onEnd = onEnd;
  }

  /** Has the sockets keep the epoch of a room without storage. */
  keepEpoch(epoch: string): void {
    this.#epoch = epoch;
  }

  /** Has a socket keep the numbers of a room without storage; without any they are forgotten. */
  keepStats(value: Keepsake["stats"]): void {
    const keeper = this.#live.has(this.#stats?.id ?? "") ? this.#stats?.id : this.#anyone;
    const live = keeper === undefined ? undefined : this.#live.get(keeper);
    if (keeper === undefined || live === undefined) return;
    this.#stats = { id: keeper, value };
    this.#attach(live.socket, keeper, live.session);
  }

  /** Takes a new socket in. */
  accept(socket: WebSocket, connection: Attached): void {
    this.#ctx.acceptWebSocket(socket);
    this.#attach(socket, connection.id, connection.session);
    this.register(socket, connection);
  }

  /** Takes in a socket that the platform has accepted already. */
  register(socket: WebSocket, { id, session, keepsake }: Attached): void {
    if (keepsake?.stats !== undefined) this.#stats = { id, value: keepsake.stats };
    this.#live.set(id, { socket, session });
    this.#idOf.set(socket, id);
  }

  /**
   * The connections that outlived a hibernation; one that cannot be read back, or that was owed more
   * than this life knows of, must reconnect.
   */
  restore(): readonly Attached[] {
    const restored: Attached[] = [];
    for (const socket of this.#ctx.getWebSockets()) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      const connection = attachedTo(socket);
      if (connection === undefined || connection.session.isBehind === true) {
        closeQuietly(socket, CLOSE_CODES.restart.code, CLOSE_REASONS.restart);
      } else {
        this.register(socket, connection);
        restored.push(connection);
      }
    }
    return restored;
  }

  /** The connection of a socket; `undefined` once it has ended. */
  idOf(socket: WebSocket): string | undefined {
    return this.#idOf.get(socket);
  }

  /** The connection whose socket, closed by the room, has ended now; told once. */
  lingeredAs(socket: WebSocket): string | undefined {
    const id = this.#closing.get(socket);
    this.#closing.delete(socket);
    return id;
  }

  /** Takes out a socket whose peer ended it. */
  ended(socket: WebSocket, code: number, clean: boolean, reason: string): void {
    const id = this.#idOf.get(socket);
    const live = id === undefined ? undefined : this.#live.get(id);
    if (id === undefined || live === undefined) return;
    this.#live.delete(id);
    this.#idOf.delete(socket);
    // It is listed for a while yet: the next life must not take it for one that goes on, nor its
    // answer to our close for the end of a connection yet to be told.
    socket.serializeAttachment(null);
    this.#onEnd(live.session, code, clean, reason);
  }

  send(id: string, message: WireMessage): void {
    try {
      this.#live.get(id)?.socket.send(message);
    } catch {
      // The peer went in this very turn; its close event follows and tells the room.
    }
  }

  close(id: string, code: number, reason: string): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    const abnormal: readonly number[] = [CLOSE_CODES.heartbeatLost.code, CLOSE_CODES.internal.code];
    // Whoever gives way has lost no heartbeat, though its code is the same.
    const clean = reason === CLOSE_REASONS.gaveWay || !abnormal.includes(code);
    this.ended(live.socket, code, clean, reason);
    this.#closing.set(live.socket, id);
    closeQuietly(live.socket, code, reason);
  }

  save(id: string, session: Session): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    live.session = session;
    this.#attach(live.socket, id, session);
  }

  answeredAt(id: string): number | undefined {
    const live = this.#live.get(id);
    return live === undefined
      ? undefined
      : this.#ctx.getWebSocketAutoResponseTimestamp(live.socket)?.getTime();
  }

  get #anyone(): string | undefined {
    for (const id of this.#live.keys()) return id;
    return undefined;
  }

  #attach(socket: WebSocket, id: string, session: Session): void {
    const stats = this.#stats?.id === id ? this.#stats.value : undefined;
    const keepsake = this.#epoch === undefined ? undefined : { epoch: this.#epoch, stats };
    socket.serializeAttachment(attachmentOf({ id, session, keepsake }));
  }
}

/** The connection that a socket kept; `undefined` when it cannot be read back. */
export function attachedTo(socket: WebSocket): Attached | undefined {
  return readAttachment(socket.deserializeAttachment());
}

/** What the room left with its sockets when it fell asleep without storage. */
export function keepsakeOf(ctx: DurableObjectState): Keepsake | undefined {
  const all = ctx.getWebSockets().map((socket) => attachedTo(socket)?.keepsake);
  return all.find((one) => one?.stats !== undefined) ?? all.find((one) => one !== undefined);
}

/** Closes a socket whose peer may be gone already. */
export function closeQuietly(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // Nothing is left to close.
  }
}
