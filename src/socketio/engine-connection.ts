/** Facts of the request by which a connection began. */
export interface Handshake {
  readonly headers: Readonly<Record<string, string>>;
  /** Path and query, as a server on Node has it. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly address: string;
  /** Whether it came by TLS. */
  readonly secure: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A connection of Engine.IO, whatever carries it. */
export interface EngineConnection {
  readonly id: string;
  readonly handshake: Handshake;
  readonly transport: "polling" | "websocket";
  /** Whether a message would go out at once; what is volatile is dropped otherwise. */
  readonly isWritable: boolean;
  /** Says one message to the client. */
  send(message: string | Uint8Array): void;
  /** Ends it. */
  close(): void;
}

/** What hears a connection. */
export interface EngineListener {
  message(data: string | Uint8Array): void;
  /** Nothing more is heard of it. The reason is one of Socket.IO's, such as "transport close". */
  closed(reason: string): void;
}

/** A server of Socket.IO that connections are given to. */
export interface EngineApp {
  /** A new connection. */
  opened(connection: EngineConnection): EngineListener;
  /**
   * Goes on after a sleep or a crash, before anything else is heard: with the connections that are still
   * there, in their order. Those that it knew of and that are not among them are lost.
   */
  wake(connections: readonly EngineConnection[]): Promise<readonly EngineListener[]>;
}
