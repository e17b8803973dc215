// The shipped bundle, as the bench's own entry sees it. workerd resolves `./index.js` to it.

declare module "*/index.js" {
  import { DurableObject } from "cloudflare:workers";

  export class RoomObject extends DurableObject<object> {
    fetch(request: Request): Promise<Response>;
    webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void>;
    webSocketClose(socket: WebSocket, code: number, reason: string, clean: boolean): void;
    alarm(): Promise<void>;
  }

  const app: {
    fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response>;
  };
  export default app;
}
