import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import type { EngineConnection, EngineListener } from "../socketio/engine-connection.ts";

/** Takes what is said on a connection, to be sent once what it rests on is stored. */
export interface Outbox {
  write(connection: HubConnection, packet: string | Uint8Array): void;
  /** Sends what was taken so far. */
  flush(): void;
  /** A packet of the client has come, which may change what is kept of its sockets. */
  heard(connection: HubConnection): void;
  /** Nothing more is heard of it. */
  ended(connection: HubConnection): void;
  /** A handler threw. */
  failed(error: unknown): void;
}

/**
 * What the server of Socket.IO takes for a socket of Engine.IO (the members that `Client` and `Socket` of
 * socket.io 4.8.4 use, and those that handlers are told of in its documentation).
 */
export class HubConnection extends EventEmitter implements EngineListener {
  readonly id: string;
  readonly protocol = 4;
  readonly request: object;
  readonly remoteAddress: string;
  readonly transport: { readonly name: string; readonly writable: boolean };
  readyState: "open" | "closing" | "closed" = "open";
  readonly #connection: EngineConnection;
  readonly #outbox: Outbox;

  constructor(connection: EngineConnection, outbox: Outbox) {
    super();
    this.#connection = connection;
    this.#outbox = outbox;
    this.id = connection.id;
    const { headers, url, query, address, secure } = connection.handshake;
    // As Node has requests: `_query` is where Engine.IO puts what it parsed.
    this.request = {
      headers,
      url,
      method: "GET",
      _query: query,
      connection: { encrypted: secure },
    };
    this.remoteAddress = address;
    this.transport = {
      get name() {
        return connection.transport;
      },
      get writable() {
        return connection.isWritable;
      },
    };
  }

  /** Says a packet of Socket.IO to the client. */
  write(packet: string | Uint8Array): this {
    if (this.readyState === "open") this.#outbox.write(this, packet);
    return this;
  }

  /** As {@link write}, by the name that handlers know it by. */
  send(packet: string | Uint8Array): this {
    return this.write(packet);
  }

  /** Sends the client away, once it has what was said to it before. */
  close(): void {
    if (this.readyState !== "open") return;
    this.#outbox.flush();
    this.readyState = "closing";
    this.#connection.close();
    // Whoever closes it gives a reason of its own in the same turn, and then listens no more.
    queueMicrotask(() => this.closed("forced close"));
  }

  message(data: string | Uint8Array): void {
    if (this.readyState !== "open") return;
    this.#outbox.heard(this);
    this.#tell("data", typeof data === "string" ? data : bufferOf(data));
  }

  closed(reason: string): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.#tell("close", reason);
    this.#outbox.ended(this);
  }

  /** Handlers of ends run in this turn: one that throws harms nothing but itself. */
  #tell(event: "data" | "close", what: unknown): void {
    try {
      this.emit(event, what);
    } catch (error) {
      this.#outbox.failed(error);
    }
  }

  /** Its end was not noticed, or nothing can be stored for it: it is ended without a word. */
  lose(reason: string): void {
    if (this.readyState === "open") this.#connection.close();
    this.closed(reason);
  }

  /** What was taken by the outbox goes out. */
  deliver(packet: string | Uint8Array): void {
    if (this.readyState !== "closed") this.#connection.send(packet);
  }
}

/** Handlers on Node are given buffers. */
function bufferOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
