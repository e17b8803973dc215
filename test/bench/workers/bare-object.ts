import { DurableObject } from "cloudflare:workers";

/**
 * The least that a Durable Object can do for a fan-out: nothing is stored, checked or answered; what
 * came in one turn of the loop leaves in the next, one send a message and reader. What it costs is
 * the platform's own price of sending.
 */
export class BareObject extends DurableObject<Env> {
  readonly #waiting: string[] = [];

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(_socket: WebSocket, message: string | ArrayBuffer): void {
    if (typeof message !== "string") return;
    if (this.#waiting.push(message) === 1) setTimeout(() => this.#flush(), 0);
  }

  #flush(): void {
    const messages = this.#waiting.splice(0);
    for (const socket of this.ctx.getWebSockets()) {
      for (const message of messages) socket.send(message);
    }
  }
}

interface Env {
  readonly BareObject: DurableObjectNamespace<BareObject>;
}

export default {
  fetch: (request: Request, env: Env) => env.BareObject.getByName("bench").fetch(request),
} satisfies ExportedHandler<Env>;
