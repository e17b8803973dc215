// What the peer uses of partyserver, which is installed on the first run only.

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
