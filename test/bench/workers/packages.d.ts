// What the peers use of packages that are installed on the first run only.

declare module "partyserver" {
  export type Connection = WebSocket & { readonly id: string };

  export class Server<Env> extends DurableObject<Env> {
    static options: { readonly hibernate: boolean };
    broadcast(message: string | ArrayBuffer): void;
    onMessage(connection: Connection, message: string | ArrayBuffer): void;
  }

  import { DurableObject } from "cloudflare:workers";
  export function routePartykitRequest(request: Request, env: object): Promise<Response | null>;
}

declare module "y-partyserver" {
  import type { Server } from "partyserver";
  import type { Doc } from "yjs";

  export class YServer extends Server<object> {
    readonly document: Doc;
    onLoad(): Promise<void>;
    onSave(): Promise<void>;
  }
}
