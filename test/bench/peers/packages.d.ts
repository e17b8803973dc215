// What the peers use of packages that are installed on the first run only, so that the project's
// own check needs none of them.

declare module "socket.io" {
  import type { Server as HttpServer } from "node:http";

  export interface Socket {
    readonly id: string;
    readonly volatile: {
      readonly broadcast: { emit(event: string, ...args: readonly string[]): boolean };
    };
    on(event: "message" | "cursor", listener: (content: string) => void): this;
  }

  export interface Engine {
    on(event: "connection", listener: (rawSocket: { request: unknown }) => void): this;
  }

  export class Server {
    readonly engine: Engine;
    constructor(
      http: HttpServer,
      options: { readonly transports: readonly string[]; readonly serveClient: boolean },
    );
    adapter(adapter: import("@socket.io/redis-adapter").Adapter): this;
    on(event: "connection", listener: (socket: Socket) => void): this;
    emit(event: string, content: string): boolean;
  }
}

declare module "redis" {
  export interface Client {
    connect(): Promise<unknown>;
    duplicate(): Client;
  }
  export function createClient(options: { readonly url: string }): Client;
}

declare module "@socket.io/redis-adapter" {
  export interface Adapter {
    readonly name: string;
  }
  export function createAdapter(
    publisher: import("redis").Client,
    subscriber: import("redis").Client,
  ): Adapter;
}

declare module "@hocuspocus/server" {
  export class Server {
    constructor(options: {
      readonly address: string;
      readonly port: number;
      readonly quiet: boolean;
    });
    listen(): Promise<unknown>;
  }
}

declare module "@colyseus/schema" {
  /** How a field is told. */
  export interface Field<T> {
    readonly told: T;
  }
  export interface MapSchema<T> {
    set(key: string, value: T): this;
    delete(key: string): boolean;
  }
  type Class = new () => object;
  export const t: {
    int16(): Field<number>;
    map<C extends Class>(of: C): Field<MapSchema<InstanceType<C>>>;
  };
  export function schema<F extends Readonly<Record<string, Field<unknown>>>>(
    fields: F,
    name: string,
  ): new () => { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };
}

declare module "@colyseus/ws-transport" {
  export class WebSocketTransport {
    readonly protocol: string | undefined;
  }
}

declare module "@colyseus/core" {
  interface Client {
    readonly sessionId: string;
  }
  export class Room {
    patchRate: number;
    state: object;
    messages: Readonly<Record<string, (client: Client, message: never) => void>>;
    onCreate(): void;
    onJoin(client: Client): void;
    onLeave(client: Client): void;
    setSimulationInterval(tick: (deltaMs: number) => void, delayMs: number): void;
  }
  export class Server {
    constructor(options: {
      readonly greet: boolean;
      readonly transport: import("@colyseus/ws-transport").WebSocketTransport;
    });
    define(name: string, room: typeof Room): void;
    listen(port: number, hostname: string): Promise<void>;
  }
}
