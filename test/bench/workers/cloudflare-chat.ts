import { DurableObject } from "cloudflare:workers";

/** Cloudflare's chat pattern: hibernating sockets, each message stored and sent in the handler. */
export class ChatRoom extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, content TEXT NOT NULL)",
    );
  }

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(_socket: WebSocket, message: string | ArrayBuffer): void {
    if (typeof message !== "string") return;
    this.#sql.exec("INSERT INTO messages (at, content) VALUES (?, ?)", Date.now(), message);
    for (const socket of this.ctx.getWebSockets()) socket.send(message);
  }
}

interface Env {
  readonly ChatRoom: DurableObjectNamespace<ChatRoom>;
}

export default {
  fetch: (request: Request, env: Env) => env.ChatRoom.getByName("bench").fetch(request),
} satisfies ExportedHandler<Env>;
