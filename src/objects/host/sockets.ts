import { CLOSES, type Close } from "../../protocol/close.ts";
import { type KeptConnection, type KeptFormat, packKept, unpackKept } from "../../protocol/kept.ts";

/** What a socket is sent: text, or bytes. */
export type OutgoingFrame = string | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** The hibernatable sockets of one object, by connection id. None of its methods minds a socket that is gone. */
export class HostedSockets<Kept extends object> {
  readonly #ctx: DurableObjectState;
  readonly #format: KeptFormat<Kept>;
  readonly #live = new Map<string, WebSocket>();
  readonly #idOf = new WeakMap<WebSocket, string>();
  readonly #closing = new WeakMap<WebSocket, string>();

  constructor(ctx: DurableObjectState, format: KeptFormat<Kept>) {
    this.#ctx = ctx;
    this.#format = format;
  }

  /** Takes a new socket in; it outlives a sleep once something of it is kept. */
  accept(socket: WebSocket, id: string): void {
    this.#ctx.acceptWebSocket(socket);
    this.#register(socket, id);
  }

  /** What all sockets have kept, those included that are ending. */
  kept(): readonly KeptConnection<Kept>[] {
    return this.#ctx.getWebSockets().flatMap((socket) => this.#keptBy(socket) ?? []);
  }

  /**
   * The connections that outlived a sleep. One that cannot be read back, or may not go on, must
   * reconnect.
   */
  restore(mayGoOn: (kept: Kept) => boolean): readonly KeptConnection<Kept>[] {
    const restored: KeptConnection<Kept>[] = [];
    for (const socket of this.#ctx.getWebSockets()) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      const connection = this.#keptBy(socket);
      if (connection === undefined || !mayGoOn(connection.kept)) {
        closeQuietly(socket, CLOSES.restart);
      } else {
        this.#register(socket, connection.id);
        restored.push(connection);
      }
    }
    return restored;
  }

  /** A socket whose own end woke the object was not among the open ones that were restored. */
  restoreEnding(socket: WebSocket): KeptConnection<Kept> | undefined {
    const connection = this.#keptBy(socket);
    if (connection !== undefined) this.#register(socket, connection.id);
    return connection;
  }

  /** The connection of a socket; `undefined` once it has ended. */
  idOf(socket: WebSocket): string | undefined {
    return this.#idOf.get(socket);
  }

  /** The connection whose socket, closed by us, has ended now; told once. */
  lingeredAs(socket: WebSocket): string | undefined {
    const id = this.#closing.get(socket);
    this.#closing.delete(socket);
    return id;
  }

  /** Takes a connection out; false when it was out. */
  remove(id: string): boolean {
    const socket = this.#live.get(id);
    if (socket === undefined) return false;
    this.#live.delete(id);
    this.#idOf.delete(socket);
    // It is listed for a while yet: the next life must not take it for one that goes on, nor its
    // answer to our close for the end of a connection yet to be told.
    socket.serializeAttachment(null);
    return true;
  }

  send(id: string, frame: OutgoingFrame): void {
    try {
      this.#live.get(id)?.send(frame);
    } catch {
      // The peer went in this very turn; its close event follows and tells us.
    }
  }

  /** Keeps something with a socket, within the platform's 16,384 bytes, in place of what it kept. */
  keep(id: string, kept: Kept): void {
    this.#live.get(id)?.serializeAttachment(packKept(this.#format, { id, kept }));
  }

  close(id: string, close: Pick<Close, "code" | "reason">): void {
    const socket = this.#live.get(id);
    if (socket === undefined) return;
    this.remove(id);
    this.#closing.set(socket, id);
    closeQuietly(socket, close);
  }

  /** When the platform last answered this peer's ping for us, milliseconds since the epoch. */
  answeredAt(id: string): number | undefined {
    const socket = this.#live.get(id);
    return socket === undefined
      ? undefined
      : this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime();
  }

  #register(socket: WebSocket, id: string): void {
    this.#live.set(id, socket);
    this.#idOf.set(socket, id);
  }

  #keptBy(socket: WebSocket): KeptConnection<Kept> | undefined {
    return unpackKept(this.#format, socket.deserializeAttachment());
  }
}

/** Closes a socket whose peer may be gone already. */
export function closeQuietly(
  socket: WebSocket,
  { code, reason }: Pick<Close, "code" | "reason">,
): void {
  try {
    socket.close(code, reason);
  } catch {
    // Nothing is left to close.
  }
}
