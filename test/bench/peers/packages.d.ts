// What the peers use of packages that are installed on the first run only, so that the project's
// own check needs none of them.

declare module "redis" {
  export interface Client {
    connect(): Promise<unknown>;
    duplicate(): Client;
  }
  export function createClient(options: { readonly url: string }): Client;
}

declare module "@socket.io/redis-adapter" {
  import type { Adapter, Namespace } from "socket.io";

  export function createAdapter(
    publisher: import("redis").Client,
    subscriber: import("redis").Client,
  ): (nsp: Namespace) => Adapter;
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
