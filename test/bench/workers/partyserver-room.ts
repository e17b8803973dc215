import { type Connection, routePartykitRequest, Server } from "partyserver";

/** A room as partyserver's README has it: hibernating, and its own `broadcast`. */
export class Chat extends Server<Env> {
  static override options = { hibernate: true };

  override onMessage(_connection: Connection, message: string | ArrayBuffer): void {
    this.broadcast(message);
  }
}

interface Env {
  readonly Chat: DurableObjectNamespace<Chat>;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return (await routePartykitRequest(request, env)) ?? new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<Env>;
