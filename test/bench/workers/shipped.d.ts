// The shipped bundle, as the bench's own entry sees it. workerd resolves `./index.js` to it.

declare module "*/index.js" {
  import { DurableObject } from "cloudflare:workers";

  export class RoomObject extends DurableObject<object> {}
  export class DocumentObject extends DurableObject<object> {}
  export class SocketioObject extends DurableObject<object> {}
  export class MetricsObject extends DurableObject<object> {}

  const app: {
    fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response>;
  };
  export default app;
}
