// What the peers use of packages that are installed on the first run only, so that the project's
// own check needs none of them.

declare module "socket.io" {
  import type { Server as HttpServer } from "node:http";

  export interface Socket {
    on(event: "message", listener: (content: string) => void): this;
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
