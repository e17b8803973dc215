import { DurableObject } from "cloudflare:workers";

/**
 * The least that a Durable Object can do for a game: a loop that sends each tick so many bytes to
 * everybody, and hears what they say. What it costs is the platform's own price of that.
 */
export class EmptyTicks extends DurableObject<Env> {
  readonly #periodMs = 1_000 / Number(this.env.TICK_HZ);
  readonly #message = new Uint8Array(Number(this.env.TICK_BYTES));
  #dueAt = 0;

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    if (this.#dueAt === 0) {
      this.#dueAt = Date.now();
      this.#wait();
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(): void {}

  #wait(): void {
    this.#dueAt += this.#periodMs;
    setTimeout(() => this.#tick(), Math.max(0, Math.ceil(this.#dueAt - Date.now())));
  }

  #tick(): void {
    for (const socket of this.ctx.getWebSockets()) socket.send(this.#message);
    this.#wait();
  }
}

interface Env {
  readonly EmptyTicks: DurableObjectNamespace<EmptyTicks>;
  readonly TICK_HZ: string;
  readonly TICK_BYTES: string;
}

export default {
  fetch: (request: Request, env: Env) => env.EmptyTicks.getByName("bench").fetch(request),
} satisfies ExportedHandler<Env>;
